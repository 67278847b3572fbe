namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>How bodies of one direction go to the picker, numbered as in Envoy's ProcessingMode.</summary>
public enum BodyMode
{
    None = 0,
    Streamed = 1,
    Buffered = 2,
    BufferedPartial = 3,
    FullDuplexStreamed = 4,
}
