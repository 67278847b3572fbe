using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling;

/// <summary>The arrays of one profile during a pick: survivors, a row of scores per scorer, totals and picks, index by index alike.</summary>
internal sealed class ProfileScratch(int scorers)
{
    private double[] _scores = [];
    private int _capacity;

    public Endpoint[] Candidates { get; private set; } = [];

    public double[] Totals { get; private set; } = [];

    public int[] PickIndexes { get; private set; } = [];

    public Endpoint[] Picks { get; private set; } = [];

    /// <summary>How many filters each candidate has passed, by slot; kept only while decisions are recorded.</summary>
    public int[] FiltersPassed { get; private set; } = [];

    public int CandidateCount { get; set; }

    public int PickCount { get; set; }

    public Span<double> Scores(int scorer, int count) => _scores.AsSpan(scorer * _capacity, count);

    public void Begin(ReadOnlySpan<Endpoint> candidates)
    {
        if (candidates.Length > _capacity)
        {
            _capacity = Math.Max(16, candidates.Length * 2);
            Candidates = new Endpoint[_capacity];
            Totals = new double[_capacity];
            PickIndexes = new int[_capacity];
            Picks = new Endpoint[_capacity];
            _scores = new double[_capacity * scorers];
        }

        candidates.CopyTo(Candidates);
        CandidateCount = candidates.Length;
        PickCount = 0;
    }

    public void BeginRecording(int slots)
    {
        if (FiltersPassed.Length < slots)
        {
            FiltersPassed = new int[slots];
        }

        FiltersPassed.AsSpan().Clear();
    }

    public void RecordSurvivors(int filtersPassed)
    {
        foreach (Endpoint survivor in Candidates.AsSpan(0, CandidateCount))
        {
            FiltersPassed[survivor.Slot] = filtersPassed;
        }
    }
}
