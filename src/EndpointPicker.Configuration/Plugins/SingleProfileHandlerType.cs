using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Core.Scheduling.Profiles;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class SingleProfileHandlerType : EnginePluginType
{
    public override string Name => "single-profile-handler";

    public override string Summary => "Runs the only profile. It is added where there is one profile and no handler.";

    public override PluginRoles Roles => PluginRoles.ProfileHandler;

    public override bool IgnoresParameters => true;

    public override object Create(PluginCreation creation) => new SingleProfileHandler();
}
