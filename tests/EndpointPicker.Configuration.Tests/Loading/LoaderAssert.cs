using EndpointPicker.Configuration.Loading;

namespace EndpointPicker.Configuration.Tests.Loading;

internal static class LoaderAssert
{
    /// <summary>Loads, with exactly these warnings.</summary>
    public static EndpointPickerConfiguration Loads(string text, params string[] warnings) => Loads(text, new LoadSettings(), warnings);

    public static EndpointPickerConfiguration Loads(string text, LoadSettings settings, params string[] warnings)
    {
        ConfigurationOutcome outcome = ConfigurationLoader.LoadText(text, settings);
        Assert.Equal(warnings.Select(warning => "--config-text:" + warning), outcome.Diagnostics.Select(finding => finding.ToString()));
        Assert.True(outcome.IsLoaded);
        return outcome.Configuration;
    }

    /// <summary>Is refused, with exactly these findings.</summary>
    public static void Refuses(string text, params string[] findings)
    {
        ConfigurationOutcome outcome = ConfigurationLoader.LoadText(text, new LoadSettings());
        Assert.Equal(findings.Select(finding => "--config-text:" + finding), outcome.Diagnostics.Select(finding => finding.ToString()));
        Assert.False(outcome.IsLoaded);
    }
}
