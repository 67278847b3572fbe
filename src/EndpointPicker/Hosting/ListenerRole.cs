namespace EndpointPicker.Hosting;

/// <summary>What a port is for; a feature of its connections, so that a request knows the port it came through whatever its number.</summary>
internal sealed class ListenerRole
{
    private ListenerRole()
    {
    }

    /// <summary>ext_proc, health and reflection.</summary>
    public static ListenerRole ExtProc { get; } = new();

    /// <summary>Health and reflection.</summary>
    public static ListenerRole Health { get; } = new();

    /// <summary>Metrics and what people look at.</summary>
    public static ListenerRole Admin { get; } = new();
}
