using EndpointPicker.Demo.Observed;

namespace EndpointPicker.Demo.Screen;

/// <summary>All that is shown while traffic flows.</summary>
/// <param name="Elapsed">Since the first request was due.</param>
/// <param name="Duration">How long requests are sent.</param>
/// <param name="RecentSpan">What "recent" means.</param>
/// <param name="Subtitle">What is the same for both sides.</param>
/// <param name="Board">The address of the picker's page.</param>
/// <param name="Picker">The picker's side.</param>
/// <param name="RoundRobin">The other.</param>
/// <param name="Decisions">The picker's last, the newest first.</param>
/// <param name="PodNames">Names of the picker's pods by endpoint.</param>
internal sealed record LiveView(
    TimeSpan Elapsed,
    TimeSpan Duration,
    TimeSpan RecentSpan,
    string Subtitle,
    Uri Board,
    SideView Picker,
    SideView RoundRobin,
    IReadOnlyList<Decision> Decisions,
    IReadOnlyDictionary<string, string> PodNames);
