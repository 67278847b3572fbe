using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Loading;

/// <summary>Reads the scheduling profiles and adds what they lack: a picker in each, and a handler for a single one.</summary>
internal sealed class ProfileReader(PluginSet plugins, DiagnosticReport report)
{
    private const PluginRoles InProfiles = PluginRoles.Filter | PluginRoles.Scorer | PluginRoles.Picker;
    private const string DefaultPicker = "max-score-picker";
    private const string DefaultHandler = "single-profile-handler";

    public IReadOnlyList<ProfileDefinition> Read(FieldValues root)
    {
        IReadOnlyList<FieldValues> declared = root.Get(Envelope.SchedulingProfiles);
        List<ProfileDefinition> profiles = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        PluginDefinition[] pickers = [.. plugins.With(PluginRoles.Picker)];
        if (declared.Count == 0)
        {
            IEnumerable<PluginDefinition> all = plugins.All.Where(plugin => plugin.Is(InProfiles));
            profiles.Add(WithPicker("default", [.. all.Select(plugin => (plugin, 1.0))], root.At(Envelope.SchedulingProfiles), pickers));
        }

        foreach (FieldValues entry in declared)
        {
            string name = entry.Get(Envelope.ProfileName);
            if (name.Length > 0 && !names.Add(name))
            {
                report.Error(entry.At(Envelope.ProfileName), $"two profiles are called '{name}'", "give one of them another name");
            }

            profiles.Add(WithPicker(name, References(entry), entry.Position, pickers));
        }

        return profiles;
    }

    /// <summary>Finds the one profile handler, or adds the default one.</summary>
    public PluginDefinition? Handler(FieldValues root, int profiles)
    {
        SourcePosition at = root.At(Envelope.SchedulingProfiles);
        PluginDefinition[] handlers = [.. plugins.With(PluginRoles.ProfileHandler)];
        if (handlers.Length > 1)
        {
            report.Error(
                handlers[1].Values.Position,
                $"'{handlers[0].Name}' and '{handlers[1].Name}' are both profile handlers",
                "keep one of them");
            return null;
        }

        if (handlers.Length == 0 && profiles > 1)
        {
            report.Error(at, $"there are {profiles} profiles and no profile handler to choose between them", "add a profile handler, or keep one profile");
            return null;
        }

        if (handlers.Length == 1 && handlers[0].Type.Name == DefaultHandler && profiles > 1)
        {
            report.Error(at, $"'{DefaultHandler}' takes one profile, and there are {profiles}", "keep one profile");
        }

        return handlers.Length == 1 ? handlers[0] : plugins.FindOrInject(DefaultHandler);
    }

    private List<(PluginDefinition, double)> References(FieldValues profile)
    {
        List<(PluginDefinition, double)> found = [];
        foreach (FieldValues entry in profile.Get(Envelope.ProfilePlugins))
        {
            string name = entry.Get(Envelope.PluginRef);
            SourcePosition at = entry.At(Envelope.PluginRef);
            if (name.Length == 0 || plugins.Resolve(name, at, PluginRoles.None, $"profile '{profile.Get(Envelope.ProfileName)}'") is not { } plugin)
            {
                continue;
            }

            if (!plugin.Is(PluginRoles.Scorer) && entry.Has(Envelope.Weight))
            {
                report.Warning(entry.At(Envelope.Weight), $"'{name}' is no scorer, so its weight has no effect", "remove 'weight'");
            }

            // The reference lets a profile name any plugin, and its chart does so for producers.
            if (plugin.Is(InProfiles))
            {
                found.Add((plugin, entry.Get(Envelope.Weight)));
            }
        }

        return found;
    }

    private ProfileDefinition WithPicker(
        string name, List<(PluginDefinition Plugin, double Weight)> members, SourcePosition at, PluginDefinition[] declared)
    {
        PluginDefinition[] own = [.. members.Select(member => member.Plugin).Where(plugin => plugin.Is(PluginRoles.Picker))];
        if (own.Length > 1)
        {
            report.Error(at, $"profile '{name}' has {own.Length} pickers: {string.Join(", ", own.Select(picker => picker.Name))}", "keep one of them");
        }

        if (own.Length == 0 && PickerFor(name, at, declared) is { } picker)
        {
            members.Add((picker, 1));
        }

        return new ProfileDefinition(name, members);
    }

    private PluginDefinition? PickerFor(string profile, SourcePosition at, PluginDefinition[] declared)
    {
        if (declared.Length == 0)
        {
            return plugins.FindOrInject(DefaultPicker);
        }

        // The reference takes any picker of the configuration here, whichever its hash map yields.
        PluginDefinition picker = Array.Find(declared, plugin => plugin.Type.Name == DefaultPicker) ?? declared[0];
        if (declared.Length > 1)
        {
            report.Warning(at, $"profile '{profile}' names no picker, so it takes '{picker.Name}'", $"add '{picker.Name}' or another picker to it");
        }

        return picker;
    }
}
