using Xunit;

namespace Testing;

/// <summary>What a test needs of the machine.</summary>
public static class Requirement
{
    /// <summary>Whether the run is the one check that counts, where nothing may be skipped.</summary>
    public static bool InCi => Environment.GetEnvironmentVariable("CI") is "true" or "1";

    /// <summary>Skips the test because something is missing; in CI the test fails instead.</summary>
    /// <param name="reason">What is missing and how to provide it.</param>
    public static void Missing(string reason)
    {
        if (InCi)
        {
            Assert.Fail($"{reason} (nothing is skipped in CI)");
        }

        Assert.Skip(reason);
    }
}
