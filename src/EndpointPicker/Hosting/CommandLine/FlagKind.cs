namespace EndpointPicker.Hosting.CommandLine;

/// <summary>How a flag's text is read.</summary>
internal enum FlagKind
{
    Text,
    Boolean,
    Integer,
    Duration,
    List,
}
