using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Figures;

/// <summary>What the clients of one pod got lately.</summary>
internal sealed record PodFigures(string Name, int Served, double HitRate, Distribution FirstToken, Distribution Total)
{
    /// <summary>One for each name, whether it has served or not.</summary>
    public static IReadOnlyList<PodFigures> Of(IEnumerable<string> names, IReadOnlyList<RequestOutcome> recent) =>
        [.. names.Select(name => Of(name, SideFigures.Of(0, [.. recent.Where(outcome => outcome.Pod == name)])))];

    private static PodFigures Of(string name, SideFigures figures) => new(name, figures.Served, figures.HitRate, figures.FirstToken, figures.Total);
}
