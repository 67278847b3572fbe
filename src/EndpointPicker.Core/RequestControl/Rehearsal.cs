using System.Buffers;
using EndpointPicker.Core.Endpoints;
using Microsoft.Extensions.Logging;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// Says where a request would go now, by the plugins that pick for real requests, and changes nothing by it: no place is taken, no prefix and
/// no adapter is remembered, nothing is counted or recorded, and chance is drawn from a source of its own.
/// </summary>
public sealed class Rehearsal
{
    private readonly RequestDirector _director;

    /// <summary>Makes it.</summary>
    /// <param name="pool">The endpoints.</param>
    /// <param name="policy">What configuration makes of real decisions.</param>
    /// <param name="logger">Where failing plugins are told of.</param>
    /// <param name="time">The clock; endpoints must be stamped with the same.</param>
    /// <param name="random">Seeds its source of chance; not used by anybody else at the same time.</param>
    public Rehearsal(EndpointPool pool, DecisionPolicy policy, ILogger<RequestDirector> logger, TimeProvider time, Random random)
    {
        // A director of its own keeps made-up model names and seeds away from the real one.
        DecisionPolicy unmeasured = policy with { Scheduler = policy.Scheduler.Unmeasured() };
        _director = new RequestDirector(pool, unmeasured, new RequestTelemetry(null, null, logger), time, random);
        ReferenceCompatible = policy.ReferenceCompatible;
    }

    /// <summary>Whether refusals are the reference's in detail.</summary>
    public bool ReferenceCompatible { get; }

    /// <summary>A request to fill headers and subset into.</summary>
    /// <returns>A state that no other director may get.</returns>
    public static RequestState NewRequest() => new() { Rehearsal = new DecisionContent() };

    /// <summary>Decides on a request whose headers, and whose subset if it has one, are filled in.</summary>
    /// <param name="request">From <see cref="NewRequest"/>, used once.</param>
    /// <param name="body">The whole body; empty where there is none.</param>
    /// <param name="decision">The decision, as a real one would be recorded.</param>
    /// <returns>The outcome.</returns>
    public SchedulingResult Decide(RequestState request, in ReadOnlySequence<byte> body, out Decision decision)
    {
        bool wanted = _director.Begin(request);
        SchedulingResult result;
        if (body.IsEmpty)
        {
            // Where headers end the request, nobody asks for a body.
            request.HasBody = false;
            result = _director.Rehearse(request, BodyEnd.None);
        }
        else if (!wanted)
        {
            result = _director.Rehearse(request, BodyEnd.None);
        }
        else
        {
            foreach (ReadOnlyMemory<byte> part in body)
            {
                _director.Append(request, part.Span);
            }

            result = _director.Rehearse(request, BodyEnd.Complete);
        }

        decision = DecisionReading.Read(request.Rehearsal!);
        return result;
    }
}
