using System.Text.Json;
using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Resources;

/// <summary>The pool that an object belongs to.</summary>
/// <param name="Group">The API group of the pool.</param>
/// <param name="Name">The pool's name, in the object's own namespace.</param>
internal readonly record struct PoolReference(string Group, string Name)
{
    /// <summary>Takes the object that is the field's value.</summary>
    /// <param name="json">At the field's name.</param>
    /// <param name="defaultGroup">The group where none is said.</param>
    public static PoolReference Take(ref Utf8JsonReader json, string defaultGroup)
    {
        string group = defaultGroup;
        string name = "";
        if (json.EnterObject())
        {
            while (json.NextField())
            {
                if (json.ValueTextEquals("group"u8))
                {
                    group = json.TakeText() ?? defaultGroup;
                }
                else if (json.ValueTextEquals("name"u8))
                {
                    name = json.TakeText() ?? "";
                }
                else
                {
                    json.SkipValue();
                }
            }
        }

        return new PoolReference(group, name);
    }
}
