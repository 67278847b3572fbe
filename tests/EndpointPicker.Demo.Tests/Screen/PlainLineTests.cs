using EndpointPicker.Demo.Screen;

namespace EndpointPicker.Demo.Tests.Screen;

public sealed class PlainLineTests
{
    [Fact]
    public void Of_View_IsOneLineOfBothSides() => Assert.Equal(
        "  23 s  the picker's first token 3.8 times sooner  (round robin p50 419 ms, p95 437 ms, cached 40 %, 40 served, 5 under way, 0 failed; "
        + "picker p50 109 ms, p95 127 ms, cached 80 %, 40 served, 5 under way, 0 failed)",
        PlainLine.Of(Samples.View));

    [Fact]
    public void Of_PickerBehind_SaysLater() => Assert.Contains(
        "the picker's first token 3.8 times later",
        PlainLine.Of(Samples.View with { Picker = Samples.View.RoundRobin, RoundRobin = Samples.View.Picker }),
        StringComparison.Ordinal);
}
