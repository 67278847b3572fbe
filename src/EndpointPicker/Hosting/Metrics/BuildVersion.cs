using System.Reflection;

namespace EndpointPicker.Hosting.Metrics;

/// <summary>Which build this is, from the assembly's informational version (<c>version+commit</c>).</summary>
internal static class BuildVersion
{
    private static readonly string[] Parts =
        (typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+', 2);

    public static string Version { get; } = Parts[0];

    public static string Commit { get; } = Parts.Length > 1 ? Parts[1] : "unknown";
}
