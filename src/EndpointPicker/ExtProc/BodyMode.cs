namespace EndpointPicker.ExtProc;

/// <summary>How the proxy sends bodies; the numbers are those of <c>ProcessingMode.BodySendMode</c>.</summary>
internal enum BodyMode
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Chunk by chunk, each waiting for its answer.</summary>
    Streamed = 1,

    /// <summary>Whole, in one message.</summary>
    Buffered = 2,

    /// <summary>Whole if it fits the proxy's buffer, else its beginning.</summary>
    BufferedPartial = 3,

    /// <summary>Chunk by chunk, and what goes on is only what the picker sends back.</summary>
    FullDuplexStreamed = 4,

    /// <summary>As full duplex, one gRPC message of the body in each chunk.</summary>
    Grpc = 5,
}
