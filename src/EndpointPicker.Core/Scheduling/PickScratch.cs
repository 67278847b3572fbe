using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling;

/// <summary>All that one pick needs while it runs; rented from a <see cref="PickScratchPool"/>, so that picks allocate nothing.</summary>
internal sealed class PickScratch
{
    public PickScratch(Scheduler scheduler, Random random)
    {
        Random = random;
        Profiles = new ProfileScratch[scheduler.Profiles.Length];
        for (int i = 0; i < Profiles.Length; i++)
        {
            Profiles[i] = new ProfileScratch(scheduler.Profiles[i].ScorerCount);
        }

        Runners = scheduler.Profiles;
        Outcomes = new ProfileOutcome[Profiles.Length];
    }

    public Random Random { get; }

    public PickFacts Facts { get; } = new();

    public ProfileScratch[] Profiles { get; }

    /// <summary>The runners that <see cref="Profiles"/> belong to, index by index.</summary>
    public ProfileRunner[] Runners { get; }

    public ProfileOutcome[] Outcomes { get; }

    /// <summary>The candidates that the request may go to, before any filter.</summary>
    public Endpoint[] Candidates { get; private set; } = [];

    public int CandidateCount { get; set; }

    /// <summary>The pool that the candidates are of; where they are as many as its members, they are its members, in its order.</summary>
    public PoolSnapshot? Pool { get; private set; }

    /// <summary>Requests in flight by slot as they were when the scoring began.</summary>
    public int[] SeenInFlight { get; private set; } = [];

    /// <summary>Marks by index into the pool, for the subset.</summary>
    public bool[] Marks { get; private set; } = [];

    /// <summary>Whether what filters and scorers did is kept for the decision log.</summary>
    public bool Recording { get; set; }

    /// <summary>How often the profiles ran again because the chosen endpoint's count had moved.</summary>
    public int Rescorings { get; set; }

    public ReadOnlySpan<Endpoint> AllCandidates => Candidates.AsSpan(0, CandidateCount);

    public void Begin(PoolSnapshot pool)
    {
        if (SeenInFlight.Length < pool.Slots)
        {
            SeenInFlight = new int[pool.Slots * 2];
        }

        if (Candidates.Length < pool.Endpoints.Length)
        {
            Candidates = new Endpoint[pool.Endpoints.Length * 2];
            Marks = new bool[Candidates.Length];
        }

        Pool = pool;
        CandidateCount = 0;
        Rescorings = 0;
        Array.Clear(Outcomes);
        Facts.Begin(pool.Slots);
    }

    /// <summary>Takes note of every candidate's requests in flight.</summary>
    public void SeeInFlight()
    {
        foreach (Endpoint candidate in AllCandidates)
        {
            SeenInFlight[candidate.Slot] = candidate.InFlight.Requests;
        }
    }
}
