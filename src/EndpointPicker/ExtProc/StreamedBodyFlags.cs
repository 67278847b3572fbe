namespace EndpointPicker.ExtProc;

/// <summary>The flags of a full-duplex body part, as the proxy set them.</summary>
/// <param name="EndOfStream">The body ends with this part and no trailers follow.</param>
/// <param name="EndWithoutMessage">The gRPC mode's end that carries no message.</param>
/// <param name="GrpcMessageCompressed">The gRPC mode's compressed message.</param>
internal readonly record struct StreamedBodyFlags(bool EndOfStream, bool EndWithoutMessage = false, bool GrpcMessageCompressed = false)
{
    public int Size => (EndOfStream ? 2 : 0) + (EndWithoutMessage ? 2 : 0) + (GrpcMessageCompressed ? 2 : 0);

    public void Write(ref WireWriter writer)
    {
        if (EndOfStream)
        {
            writer.Number(0x10, 1);
        }

        if (EndWithoutMessage)
        {
            writer.Number(0x18, 1);
        }

        if (GrpcMessageCompressed)
        {
            writer.Number(0x20, 1);
        }
    }
}
