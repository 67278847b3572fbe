using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>
/// <c>prefix-cache-scorer</c>: the matched share of the prompt, mixed with the square of the matched length where that has a weight.
/// </summary>
/// <param name="matches">The producer whose <see cref="PrefixMatches"/> are read.</param>
/// <param name="options">The options.</param>
public sealed class PrefixCacheScorer(IDataProducer matches, PrefixCacheScorerOptions options) : IScorer
{
    /// <inheritdoc/>
    public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        PrefixMatches found = context.Facts.Of<PrefixMatches>(matches);
        if (found.TotalBlocks == 0)
        {
            return;
        }

        ReadOnlySpan<int> blocks = found.BlocksBySlot;
        double ratioWeight = 1 - options.MatchLengthWeight;
        double total = found.TotalBlocks;
        for (int i = 0; i < candidates.Length; i++)
        {
            scores[i] = ratioWeight * (blocks[candidates[i].Slot] / total);
        }

        if (options.MatchLengthWeight > 0 && found.BlockTokens > 0)
        {
            AddLength(found, candidates, scores);
        }
    }

    private void AddLength(PrefixMatches found, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        ReadOnlySpan<int> blocks = found.BlocksBySlot;
        double scale = (double)found.BlockTokens / options.MatchLengthScaleTokens;
        for (int i = 0; i < candidates.Length; i++)
        {
            double length = Math.Min(1, blocks[candidates[i].Slot] * scale);
            scores[i] += options.MatchLengthWeight * length * length;
        }
    }
}
