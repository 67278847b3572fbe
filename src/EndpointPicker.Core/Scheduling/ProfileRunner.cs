using System.Diagnostics;
using System.Numerics;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling;

/// <summary>Runs one profile over dense arrays: one virtual call per plugin, plain loops between.</summary>
internal sealed class ProfileRunner
{
    private readonly IFilter[] _filters;
    private readonly IScorer[] _scorers;
    private readonly double[] _weights;
    private readonly IPicker _picker;
    private readonly KeyValuePair<string, object?>[][] _filterTags;
    private readonly KeyValuePair<string, object?>[][] _scorerTags;
    private readonly KeyValuePair<string, object?>[] _pickerTags;
    private readonly SchedulingMetrics? _metrics;

    public ProfileRunner(SchedulingProfile profile, SchedulingMetrics? metrics)
    {
        Profile = profile;
        _metrics = metrics;
        _filters = [.. profile.Filters.Select(f => f.Plugin)];
        _scorers = [.. profile.Scorers.Select(s => s.Scorer.Plugin)];
        _weights = [.. profile.Scorers.Select(s => s.Weight)];
        _picker = profile.Picker.Plugin;
        _filterTags = [.. profile.Filters.Select(f => SchedulingMetrics.PluginTags("Filter", f.Type, f.Name))];
        _scorerTags = [.. profile.Scorers.Select(s => SchedulingMetrics.PluginTags("Scorer", s.Scorer.Type, s.Scorer.Name))];
        _pickerTags = SchedulingMetrics.PluginTags("Picker", profile.Picker.Type, profile.Picker.Name);
    }

    public SchedulingProfile Profile { get; }

    public int ScorerCount => _scorers.Length;

    public ProfileOutcome Run(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, ProfileScratch scratch, bool recording)
    {
        scratch.Begin(candidates);
        if (recording)
        {
            scratch.BeginRecording(context.Facts.Slots);
        }

        Activity? span = SchedulingSpan.Start(context.Span, "run_scheduler_profile");
        span?.SetTag("llm_d.epp.scheduling.profile.name", Profile.Name);
        PluginStopwatch watch = PluginStopwatch.Start(_metrics);
        Activity? filtering = SchedulingSpan.Start(span, "filter_endpoints");
        bool any = Filter(context, scratch, recording, ref watch);
        filtering?.SetTag("llm_d.epp.filter.candidate_endpoints", candidates.Length);
        filtering?.SetTag("llm_d.epp.filter.filtered_endpoints", scratch.CandidateCount);
        filtering?.Stop();
        if (!any)
        {
            span?.Stop();
            return ProfileOutcome.Empty;
        }

        int count = scratch.CandidateCount;
        ReadOnlySpan<Endpoint> survivors = scratch.Candidates.AsSpan(0, count);
        Span<double> totals = scratch.Totals.AsSpan(0, count);
        totals.Clear();
        Activity? scoring = SchedulingSpan.Start(span, "llm_d.epp.scoring");
        scoring?.SetTag("llm_d.epp.scorer.count", _scorers.Length);
        scoring?.SetTag("llm_d.epp.scoring.candidate_endpoints", count);
        for (int i = 0; i < _scorers.Length; i++)
        {
            Activity? one = scoring is null ? null : SchedulingSpan.StartScorer(scoring, Profile.Scorers[i]);
            Span<double> scores = scratch.Scores(i, count);
            scores.Clear();
            _scorers[i].Score(context, survivors, scores);
            AddWeighted(totals, scores, _weights[i]);
            watch.Lap(_scorerTags[i]);
            if (one is not null)
            {
                SchedulingSpan.StopScorer(one, Profile.Scorers[i], scores);
            }
        }

        scoring?.Stop();
        Activity? picking = SchedulingSpan.StartPicker(span, survivors, totals);

        Span<int> indexes = scratch.PickIndexes.AsSpan(0, count);
        scratch.PickCount = _picker.Pick(context, survivors, totals, indexes);
        for (int i = 0; i < scratch.PickCount; i++)
        {
            scratch.Picks[i] = survivors[indexes[i]];
        }

        watch.Lap(_pickerTags);
        picking?.Stop();
        span?.Stop();
        return ProfileOutcome.Picked;
    }

    private bool Filter(in SchedulingContext context, ProfileScratch scratch, bool recording, ref PluginStopwatch watch)
    {
        for (int i = 0; i < _filters.Length && scratch.CandidateCount > 0; i++)
        {
            scratch.CandidateCount = _filters[i].Filter(context, scratch.Candidates.AsSpan(0, scratch.CandidateCount));
            watch.Lap(_filterTags[i]);
            if (recording)
            {
                scratch.RecordSurvivors(i + 1);
            }
        }

        return scratch.CandidateCount > 0;
    }

    // NaN becomes 0, so that a broken score counts as the worst and cannot poison a total; then the native forms, which are one instruction
    // because they leave NaN open, will do.
    private static void AddWeighted(Span<double> totals, ReadOnlySpan<double> scores, double weight)
    {
        int i = 0;
        for (; i <= totals.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> score = new(scores[i..]);
            score = Vector.ConditionalSelect(Vector.Equals(score, score), score, Vector<double>.Zero);
            Vector<double> clamped = Vector.MinNative(Vector.MaxNative(score, Vector<double>.Zero), Vector<double>.One);
            (new Vector<double>(totals[i..]) + (clamped * weight)).CopyTo(totals[i..]);
        }

        for (; i < totals.Length; i++)
        {
            totals[i] += double.MinNumber(double.MaxNumber(scores[i], 0), 1) * weight;
        }
    }
}
