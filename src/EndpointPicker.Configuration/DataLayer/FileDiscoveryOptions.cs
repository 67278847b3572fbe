namespace EndpointPicker.Configuration.DataLayer;

/// <summary>Which file lists the endpoints (<c>file-discovery</c>).</summary>
/// <param name="Path">The file's path.</param>
/// <param name="WatchFile">Whether changes of the file are followed.</param>
public sealed record FileDiscoveryOptions(string Path, bool WatchFile);
