using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Producers;

/// <summary>
/// <c>inflight-load-producer</c>: works out how many tokens of the request each endpoint would have to compute, and charges the picked one with
/// them until the response begins, or until the request ends where output is estimated. Requests in flight are counted by the pick itself.
/// </summary>
/// <param name="matches">The producer whose <see cref="PrefixMatches"/> are read; <see langword="null"/> where nothing is known of prefixes.</param>
/// <param name="options">The options.</param>
public sealed class InflightLoadProducer(IDataProducer? matches, InflightLoadProducerOptions options) : IDataProducer, IPickObserver
{
    /// <inheritdoc/>
    public bool NeedsPrompt => true;

    /// <inheritdoc/>
    public void Produce(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates)
    {
        Span<long> tokens = context.Facts.Of<UncachedTokens>(this).BySlot;
        long input = context.Request.Prompt.Tokens;
        long output = EstimateOutput(input, context.Request.MaxOutputTokens);
        PrefixMatches? found = matches is null ? null : context.Facts.Of<PrefixMatches>(matches);
        if (found is null || found.TotalBlocks == 0)
        {
            foreach (Endpoint candidate in candidates)
            {
                tokens[candidate.Slot] = input + output;
            }

            return;
        }

        long block = found.BlockTokens;
        long beyondBlocks = Math.Max(0, input - (found.TotalBlocks * block));
        foreach (Endpoint candidate in candidates)
        {
            int missing = Math.Max(0, found.TotalBlocks - found.BlocksBySlot[candidate.Slot]);
            tokens[candidate.Slot] = (missing * block) + beyondBlocks + output;
        }
    }

    /// <inheritdoc/>
    public void Picked(in SchedulingContext context, ReadOnlySpan<Endpoint> picks, Reservation reservation) =>
        reservation.ChargeTokens(context.Facts.Of<UncachedTokens>(this).BySlot[picks[0].Slot], options.AddEstimatedOutputTokens);

    private long EstimateOutput(long input, long? clientLimit)
    {
        if (!options.AddEstimatedOutputTokens)
        {
            return 0;
        }

        long estimate = (long)Math.Round(input * options.OutputRatio, MidpointRounding.AwayFromZero);
        estimate = Math.Min(estimate, clientLimit ?? long.MaxValue);
        return Math.Min(estimate, options.MaxEstimatedOutputTokens ?? long.MaxValue);
    }
}
