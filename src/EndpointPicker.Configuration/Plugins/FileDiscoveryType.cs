using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class FileDiscoveryType : OptionsPluginType<FileDiscoveryOptions>
{
    private static readonly TextField Path = new("path", "", "The file that lists the endpoints, YAML or JSON, at most 1 MiB.") { Required = true };
    private static readonly SwitchField WatchFile = new("watchFile", false, "Whether changes of the file are followed.");

    public override string Name => "file-discovery";

    public override string Summary => "Takes the endpoints from a file instead of from Kubernetes.";

    public override PluginRoles Roles => PluginRoles.Discovery;

    public override Schema Parameters { get; } = new(Path, WatchFile);

    public override FileDiscoveryOptions Read(FieldValues values) => new(values.Get(Path), values.Get(WatchFile));
}
