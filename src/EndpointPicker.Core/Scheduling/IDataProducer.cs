using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling;

/// <summary>Finds out something about a request and its candidates before they are scored.</summary>
public interface IDataProducer
{
    /// <summary>Whether it reads the prompt, so that the prompt must be hashed and estimated while the body is read.</summary>
    bool NeedsPrompt { get; }

    /// <summary>Writes this producer's facts into <see cref="SchedulingContext.Facts"/>, under itself as the owner.</summary>
    /// <param name="context">The request and what is known about it.</param>
    /// <param name="candidates">All candidates, before any filter.</param>
    void Produce(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates);
}
