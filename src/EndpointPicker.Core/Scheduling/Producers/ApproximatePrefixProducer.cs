using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.Scheduling.Producers;

/// <summary>
/// <c>approx-prefix-cache-producer</c>: believes that an endpoint holds the prompts that this picker has sent it. It matches the request's block
/// hashes against the index and records them for the endpoint that is picked, on routing, as the reference does.
/// </summary>
public sealed class ApproximatePrefixProducer : IDataProducer, IPickObserver
{
    private readonly PrefixIndex _index;
    private readonly ApproximatePrefixProducerOptions _options;
    private readonly PrefixMetrics? _metrics;

    /// <summary>Makes the producer.</summary>
    /// <param name="index">Its index, made with <see cref="ApproximatePrefixProducerOptions.Index"/>.</param>
    /// <param name="pool">Endpoints that leave it are forgotten.</param>
    /// <param name="options">The options.</param>
    /// <param name="metrics">Where matches are counted; <see langword="null"/> for nowhere.</param>
    public ApproximatePrefixProducer(PrefixIndex index, EndpointPool pool, ApproximatePrefixProducerOptions options, PrefixMetrics? metrics = null)
    {
        _index = index;
        _options = options;
        _metrics = metrics;
        pool.Left += index.Forget;
    }

    /// <inheritdoc/>
    public bool NeedsPrompt => true;

    /// <summary>The options that prompts are to be hashed with.</summary>
    public PromptHasherOptions HasherOptions => _options.Hasher;

    /// <summary>Tokens in one block of a request's prompt; the first endpoint that tells its block size decides for all.</summary>
    /// <param name="endpoints">The endpoints that the request may go to.</param>
    /// <returns>The tokens, before the hasher's lower limit.</returns>
    public int BlockTokens(ReadOnlySpan<Endpoint> endpoints)
    {
        if (_options.AutoTune)
        {
            foreach (Endpoint endpoint in endpoints)
            {
                if (endpoint.Signals.CacheBlockSize is > 0 and int size)
                {
                    return size;
                }
            }
        }

        return _options.BlockSizeTokens;
    }

    /// <inheritdoc/>
    public void Produce(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates)
    {
        PromptBlocks prompt = context.Request.Prompt;
        PrefixMatches matches = context.Facts.Of<PrefixMatches>(this);
        matches.TotalBlocks = prompt.Count;
        matches.BlockTokens = prompt.BlockTokens;
        for (int i = 0; i < prompt.Chains; i++)
        {
            _index.Match(prompt.Chain(i), matches.BlocksBySlot);
        }
    }

    /// <inheritdoc/>
    public void Picked(in SchedulingContext context, ReadOnlySpan<Endpoint> picks, Reservation reservation)
    {
        PromptBlocks prompt = context.Request.Prompt;
        for (int i = 0; i < prompt.Chains; i++)
        {
            _index.Record(prompt.Chain(i), picks[0], prompt.BlockTokens);
        }

        if (prompt.BlockTokens > 0)
        {
            _metrics?.Placed(context.Facts.Of<PrefixMatches>(this).BlocksBySlot[picks[0].Slot], prompt.Count, prompt.BlockTokens);
        }
    }
}
