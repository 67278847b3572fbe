using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Producers;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// Hashes and estimates prompts where some plugin needs them. One hashing serves all producers: the first prefix producer's block size and
/// limits hold.
/// </summary>
internal sealed class PromptReading
{
    private readonly ApproximatePrefixProducer? _prefixes;
    private readonly PromptHasherOptions _options;

    private PromptReading(ApproximatePrefixProducer? prefixes)
    {
        _prefixes = prefixes;
        _options = prefixes?.HasherOptions ?? new PromptHasherOptions();
    }

    /// <summary>What a scheduler needs.</summary>
    /// <returns>The reading; <see langword="null"/> where no plugin needs the prompt.</returns>
    public static PromptReading? For(Scheduler scheduler)
    {
        bool needed = false;
        ApproximatePrefixProducer? prefixes = null;
        foreach (IDataProducer producer in scheduler.Producers)
        {
            needed |= producer.NeedsPrompt;
            prefixes ??= producer as ApproximatePrefixProducer;
        }

        return needed ? new PromptReading(prefixes) : null;
    }

    /// <summary>Starts a prompt; the hasher stays with the request's pooled state.</summary>
    public PromptHasher Begin(RequestState state, PoolSnapshot pool)
    {
        PromptHasher hasher = state.Tools!.Hasher ??= new PromptHasher(_options);
        hasher.Reset(_prefixes?.BlockTokens(pool.Endpoints) ?? PromptHasherOptions.MinBlockTokens);
        return hasher;
    }

    /// <summary>Ends a prompt, once the model that the server runs is known.</summary>
    public static void Complete(RequestState state)
    {
        if (state.Reader is not null)
        {
            state.Tools?.Hasher?.Complete(state.Request.TargetModel, state.Request.Prompt);
        }
    }
}
