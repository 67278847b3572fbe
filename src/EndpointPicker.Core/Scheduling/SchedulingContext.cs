using System.Diagnostics;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.Scheduling;

/// <summary>What plugins may read during one pick.</summary>
public readonly ref struct SchedulingContext
{
    /// <summary>Makes the context of one pick.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The moment of the pick, in ticks of the time provider.</param>
    /// <param name="random">The source of chance, not shared with another pick.</param>
    /// <param name="facts">What producers have found out.</param>
    public SchedulingContext(InferenceRequest request, long now, Random random, PickFacts facts)
    {
        Request = request;
        Now = now;
        Random = random;
        Facts = facts;
    }

    /// <summary>The request.</summary>
    public InferenceRequest Request { get; }

    /// <summary>The moment of the pick, in ticks of the time provider.</summary>
    public long Now { get; }

    /// <summary>The source of chance.</summary>
    public Random Random { get; }

    /// <summary>What producers have found out about this request and its candidates.</summary>
    public PickFacts Facts { get; }

    /// <summary>The span above those of this pick; <see langword="null"/> where the request is not traced.</summary>
    public Activity? Span { get; init; }
}
