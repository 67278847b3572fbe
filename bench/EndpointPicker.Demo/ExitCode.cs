namespace EndpointPicker.Demo;

/// <summary>How the demo ends.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>What a shell reports of a program that Ctrl-C ended.</summary>
    public const int Interrupted = 130;
}
