using EndpointPicker.Demo.Screen;

namespace EndpointPicker.Demo.Tests.Screen;

public sealed class StyledLineTests
{
    private readonly StyledLine _line = new StyledLine().Add("plain ").Add("blue", Ink.Picker);

    [Fact]
    public void ToText_WithoutColour_HasNoEscape() => Assert.Equal("plain blue", _line.ToText(inColour: false));

    [Fact]
    public void ToText_InColour_ClosesWhatItOpens() => Assert.Equal("plain \u001b[38;5;39mblue\u001b[0m", _line.ToText(inColour: true));

    [Fact]
    public void Fit_Width_PadsOrClipsByColumns()
    {
        Assert.Equal("plain blue  ", _line.Fit(12).ToText(inColour: false));
        Assert.Equal("plain bl", _line.Fit(8).ToText(inColour: false));
        Assert.Equal(10, _line.Width);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(0.001, "▏")]
    [InlineData(0.5, "██")]
    [InlineData(0.5625, "██▎")]
    [InlineData(2, "████")]
    public void Bar_Value_IsDrawnInEighths(double value, string bar) => Assert.Equal(bar, Shown.Bar(value, 1, 4));

    [Theory]
    [InlineData(0, "-")]
    [InlineData(4.26, "4.3 ms")]
    [InlineData(41.6, "42 ms")]
    [InlineData(999.6, "1.00 s")]
    [InlineData(12_345, "12.3 s")]
    public void Time_Value_HasAUnitThatFits(double milliseconds, string text) => Assert.Equal(text, Shown.Time(TimeSpan.FromMilliseconds(milliseconds)));
}
