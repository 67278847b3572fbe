using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.Tests.Scheduling;

/// <summary>A producer that tells what a test says, by slot.</summary>
internal sealed class FakeProducer(int total, int blockTokens, params int[] matched) : IDataProducer
{
    public bool NeedsPrompt => true;

    public void Produce(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates)
    {
        PrefixMatches matches = context.Facts.Of<PrefixMatches>(this);
        matches.TotalBlocks = total;
        matches.BlockTokens = blockTokens;
        matched.CopyTo(matches.BlocksBySlot);
    }
}
