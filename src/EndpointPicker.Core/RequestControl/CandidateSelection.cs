using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>Finds the members of the pool that a request may go to.</summary>
internal static class CandidateSelection
{
    /// <summary>Begins a scratch with the candidates, in the pool's order.</summary>
    public static void Begin(PickScratch scratch, PoolSnapshot pool, EndpointSubset subset, DecisionPolicy policy)
    {
        scratch.Begin(pool);
        ReadOnlySpan<Endpoint> members = pool.Endpoints;
        if (!subset.Present || policy.IgnoresSubset)
        {
            members.CopyTo(scratch.Candidates);
            scratch.CandidateCount = members.Length;
            return;
        }

        Span<bool> marks = scratch.Marks.AsSpan(0, members.Length);
        marks.Clear();
        for (int i = 0; i < subset.Count; i++)
        {
            if (policy.ReferenceCompatible)
            {
                MarkAddress(members, Host(subset[i]), marks);
            }
            else
            {
                pool.Mark(subset[i], marks);
            }
        }

        for (int i = 0; i < members.Length; i++)
        {
            if (marks[i])
            {
                scratch.Candidates[scratch.CandidateCount++] = members[i];
            }
        }
    }

    private static void MarkAddress(ReadOnlySpan<Endpoint> members, ReadOnlySpan<byte> host, Span<bool> marks)
    {
        for (int i = 0; i < members.Length; i++)
        {
            marks[i] |= Host(members[i].DestinationUtf8.Span).SequenceEqual(host);
        }
    }

    private static ReadOnlySpan<byte> Host(ReadOnlySpan<byte> destination)
    {
        int colon = destination.LastIndexOf((byte)':');
        return colon < 0 ? destination : destination[..colon];
    }
}
