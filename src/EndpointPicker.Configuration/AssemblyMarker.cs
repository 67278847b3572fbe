namespace EndpointPicker.Configuration;

internal static class AssemblyMarker;
