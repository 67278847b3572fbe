using EndpointPicker.Demo.Figures;
using EndpointPicker.Demo.Observed;

namespace EndpointPicker.Demo.Screen;

/// <summary>One side at one moment.</summary>
/// <param name="Recent">Of the last seconds.</param>
/// <param name="Whole">Since the start.</param>
/// <param name="Pods">Of the last seconds, in the order of <paramref name="Loads"/>.</param>
/// <param name="Loads">What the pods say now.</param>
internal sealed record SideView(SideFigures Recent, SideFigures Whole, IReadOnlyList<PodFigures> Pods, IReadOnlyList<PodLoad> Loads);
