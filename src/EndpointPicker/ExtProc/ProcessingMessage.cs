using System.Buffers;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.ExtProc;

/// <summary>
/// One message of the proxy as it was read. The object is kept by its stream and filled anew by each message; <see cref="Body"/> points into
/// the message's own bytes and is valid as long as they are.
/// </summary>
internal sealed class ProcessingMessage
{
    private const int LongestAddress = 256;

    private readonly byte[] _served = new byte[LongestAddress];
    private int _servedLength;
    private bool _servedByMetadata;

    public MessageKind Kind { get; set; }

    /// <summary>Whether nothing of this direction follows, trailers included.</summary>
    public bool EndOfStream { get; set; }

    /// <summary>The gRPC body mode's end of stream that carries no message.</summary>
    public bool EndWithoutMessage { get; set; }

    public bool GrpcMessageCompressed { get; set; }

    public ReadOnlySequence<byte> Body { get; set; }

    /// <summary>The response's headers; those of the request go where the decision reads them.</summary>
    public HeaderTable ResponseHeaders { get; } = new();

    public bool ObservabilityMode { get; set; }

    /// <summary>Whether the message tells the stream's modes; true for none/none too, where the configuration is present and empty.</summary>
    public bool HasProtocolConfig { get; set; }

    public BodyMode RequestBodyMode { get; set; }

    public BodyMode ResponseBodyMode { get; set; }

    public bool SendsBodyWithoutWaiting { get; set; }

    /// <summary>The endpoint that served, from the <c>-served</c> metadata or else <c>upstream.address</c>; empty where neither came.</summary>
    public ReadOnlyMemory<byte> Served => _served.AsMemory(0, _servedLength);

    public ulong ResponseFlags { get; set; }

    public int Attempts { get; set; }

    public void SetServed(ReadOnlySpan<byte> address, bool byMetadata)
    {
        if (address.Length > LongestAddress || (_servedByMetadata && !byMetadata))
        {
            return;
        }

        address.CopyTo(_served);
        _servedLength = address.Length;
        _servedByMetadata = byMetadata;
    }

    /// <summary>Starts the part that depends on the kind: where a message names two kinds the last one holds.</summary>
    public void BeginKind(MessageKind kind)
    {
        Kind = kind;
        EndOfStream = false;
        EndWithoutMessage = false;
        GrpcMessageCompressed = false;
        Body = default;
        ResponseHeaders.Clear();
    }

    public void Clear()
    {
        BeginKind(MessageKind.None);
        ObservabilityMode = false;
        HasProtocolConfig = false;
        RequestBodyMode = BodyMode.None;
        ResponseBodyMode = BodyMode.None;
        SendsBodyWithoutWaiting = false;
        _servedLength = 0;
        _servedByMetadata = false;
        ResponseFlags = 0;
        Attempts = 0;
    }
}
