using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Catalog;

/// <summary>One plugin type: what the documentation says, what the loader checks, and what the plugin reads and makes.</summary>
internal abstract class PluginType
{
    /// <summary>The reference's name.</summary>
    public abstract string Name { get; }

    /// <summary>One or two sentences for the documentation.</summary>
    public abstract string Summary { get; }

    public abstract PluginRoles Roles { get; }

    /// <summary>Older names of the same type, each accepted with a warning.</summary>
    public virtual IReadOnlyList<string> DeprecatedNames => [];

    /// <summary>What to use instead of a type that is going away; <see langword="null"/> where it stays.</summary>
    public virtual string? Replacement => null;

    public virtual Stability Stability => Stability.Beta;

    public virtual Schema Parameters => Schema.Empty;

    /// <summary>Whether the reference takes any parameters without reading them.</summary>
    public virtual bool IgnoresParameters => false;

    public virtual IReadOnlyList<DataKey> Produces => [];

    public virtual IEnumerable<DataNeed> Needs(FieldValues values) => [];

    /// <summary>Checks what single fields cannot show.</summary>
    public virtual void Check(FieldValues values, DiagnosticReport report)
    {
    }
}
