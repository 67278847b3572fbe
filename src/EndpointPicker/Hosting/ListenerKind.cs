namespace EndpointPicker.Hosting;

/// <summary>What a port is for.</summary>
internal enum ListenerKind
{
    ExtProc,
    Health,
    Admin,
}
