using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// The pick without plugins, for requests that are not read and for decisions that could not be made: the candidate with the fewest requests
/// of this picker in flight among those that were scraped lately, or among all where none was; ties by chance. It cannot fail.
/// </summary>
internal static class FallbackPick
{
    private const int MaxRetries = 2;

    /// <summary>Chooses and, where there is a reservation, takes the place, in one step as the scheduler does.</summary>
    public static Endpoint LeastInFlight(PickScratch scratch, FreshnessPolicy freshness, long now, Reservation? reservation)
    {
        bool anyFresh = false;
        foreach (Endpoint candidate in scratch.AllCandidates)
        {
            anyFresh |= freshness.IsFresh(candidate, now);
        }

        for (int retries = 0; ; retries++)
        {
            Endpoint best = Choose(scratch, anyFresh ? freshness : null, now);
            if (reservation is null || reservation.TryTake(best, scratch.SeenInFlight[best.Slot]))
            {
                return best;
            }

            if (retries == MaxRetries)
            {
                reservation.Take(best);
                return best;
            }
        }
    }

    /// <summary>Chooses any candidate, each as likely as any other, and takes the place.</summary>
    public static Endpoint Any(PickScratch scratch, Reservation? reservation)
    {
        Endpoint any = scratch.AllCandidates[scratch.Random.Next(scratch.CandidateCount)];
        scratch.SeeInFlight();
        reservation?.Take(any);
        return any;
    }

    private static Endpoint Choose(PickScratch scratch, FreshnessPolicy? freshness, long now)
    {
        Endpoint? best = null;
        int fewest = int.MaxValue;
        int ties = 0;
        foreach (Endpoint candidate in scratch.AllCandidates)
        {
            int requests = candidate.InFlight.Requests;
            scratch.SeenInFlight[candidate.Slot] = requests;
            if (requests > fewest || freshness?.IsFresh(candidate, now) == false)
            {
                continue;
            }

            ties = requests < fewest ? 1 : ties + 1;
            if (ties == 1 || scratch.Random.Next(ties) == 0)
            {
                best = candidate;
            }

            fewest = requests;
        }

        return best!;
    }
}
