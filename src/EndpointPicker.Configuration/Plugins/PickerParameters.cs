using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling.Pickers;

namespace EndpointPicker.Configuration.Plugins;

/// <summary>The parameters that all pickers share.</summary>
internal static class PickerParameters
{
    private static readonly IntegerField MaxNumOfEndpoints = new(
        "maxNumOfEndpoints", 1, "How many endpoints to name, best first; below 1 means 1. More than one only where the proxy takes a list.");

    public static readonly Schema Schema = new(MaxNumOfEndpoints);

    public static PickerOptions Read(FieldValues values) => new() { MaxNumOfEndpoints = values.Get(MaxNumOfEndpoints) };
}
