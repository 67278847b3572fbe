using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Pickers;
using EndpointPicker.Core.Scheduling.Profiles;

namespace EndpointPicker.Core.Tests.Scheduling;

/// <summary>Small plugins and profiles made of them.</summary>
internal static class FakePlugins
{
    public static Named<T> Name<T>(string name, T plugin) => new(name, name, plugin);

    public static Scheduler Scheduler(params (IScorer Scorer, double Weight)[] scorers) => Scheduler([], scorers);

    public static Scheduler Scheduler(IFilter[] filters, (IScorer Scorer, double Weight)[] scorers, params IDataProducer[] producers) =>
        new(new SingleProfileHandler(), [Profile(filters, scorers)], [.. producers.Select((p, i) => Name($"producer-{i}", p))]);

    public static SchedulingProfile Profile(IFilter[] filters, (IScorer Scorer, double Weight)[] scorers) =>
        new(
            "default",
            [.. filters.Select((f, i) => Name($"filter-{i}", f))],
            [.. scorers.Select((s, i) => new WeightedScorer(Name($"scorer-{i}", s.Scorer), s.Weight))],
            Name<IPicker>("picker", new MaxScorePicker(new PickerOptions())));

    /// <summary>Gives scores by slot.</summary>
    internal sealed class Scores(params double[] bySlot) : IScorer
    {
        public Action? OnScore { get; set; }

        public int Calls { get; private set; }

        public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
        {
            Calls++;
            OnScore?.Invoke();
            for (int i = 0; i < candidates.Length; i++)
            {
                scores[i] = bySlot[candidates[i].Slot];
            }
        }
    }

    /// <summary>Keeps some slots.</summary>
    internal sealed class Keep(params int[] slots) : IFilter
    {
        public int Calls { get; private set; }

        public int Filter(in SchedulingContext context, Span<Endpoint> candidates)
        {
            Calls++;
            int kept = 0;
            foreach (Endpoint candidate in candidates)
            {
                if (slots.Contains(candidate.Slot))
                {
                    candidates[kept++] = candidate;
                }
            }

            return kept;
        }
    }

    /// <summary>Scores as another does, then acts.</summary>
    internal sealed class Then(IScorer inner, Action act) : IScorer
    {
        public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
        {
            inner.Score(context, candidates, scores);
            act();
        }
    }

    /// <summary>Fails.</summary>
    internal sealed class Broken : IScorer
    {
        public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores) =>
            throw new InvalidOperationException("broken on purpose");
    }
}
