using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Parsers;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Pickers;
using EndpointPicker.Core.Scheduling.Profiles;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Core.RequestControl;

/// <summary>What configuration makes of the decision.</summary>
public sealed record DecisionPolicy
{
    /// <summary>The scheduler with its plugins.</summary>
    public required Scheduler Scheduler { get; init; }

    /// <summary>What tells admission how full the candidates are; <see langword="null"/> to shed nothing.</summary>
    public ISaturationDetector? SaturationDetector { get; init; }

    /// <summary>The parsers of request bodies.</summary>
    /// <value>Default <see cref="RequestParsers.Default"/>.</value>
    public RequestParsers Parsers { get; init; } = RequestParsers.Default;

    /// <summary>How request bodies are read.</summary>
    public RequestReadingOptions Reading { get; init; } = new();

    /// <summary>How old signals may be for the fallback pick to prefer an endpoint.</summary>
    public required FreshnessPolicy Freshness { get; init; }

    /// <summary>Whether the proxy's subset is ignored.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool IgnoresSubset { get; init; }

    /// <summary>Whether subsets are compared by address alone, requests without a body go anywhere, and statuses are the reference's.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool ReferenceCompatible { get; init; }

    /// <summary>The policy that needs no configuration: where the fewest requests are in flight.</summary>
    /// <param name="time">The clock that scrapes are stamped with.</param>
    /// <returns>The policy.</returns>
    public static DecisionPolicy LeastInFlight(TimeProvider time)
    {
        Named<IScorer> scorer = new("active-request-scorer", "active-request-scorer", new ActiveRequestScorer(new ActiveRequestScorerOptions()));
        Named<IPicker> picker = new("max-score-picker", "max-score-picker", new MaxScorePicker(new PickerOptions()));
        return new DecisionPolicy
        {
            Scheduler = new Scheduler(
                new SingleProfileHandler(), [new SchedulingProfile("default", [], [new WeightedScorer(scorer, 1)], picker)], []),
            Freshness = new FreshnessPolicy(time, TimeSpan.FromSeconds(2)),
        };
    }
}
