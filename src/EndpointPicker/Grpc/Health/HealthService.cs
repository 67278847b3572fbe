using System.Buffers;

namespace EndpointPicker.Grpc.Health;

/// <summary>grpc.health.v1.Health over one state.</summary>
internal static class HealthService
{
    public const string Name = "grpc.health.v1.Health";

    // The one service that the list names; other names are answered all the same.
    private const string Listed = "envoy.service.ext_proc.v3.ExternalProcessor";

    private const int StatusField = 1;
    private const int StatusesField = 1;
    private const int KeyField = 1;
    private const int ValueField = 2;

    /// <summary>Check, List and Watch.</summary>
    public static GrpcMethod[] Methods(HealthState state) => [new CheckMethod(state), new ListMethod(state), new WatchMethod(state)];

    /// <summary>Whether the bytes are a request; the service named in it does not matter.</summary>
    public static bool IsRequest(ReadOnlySpan<byte> request)
    {
        WireReader reader = new(request);
        while (reader.TryNext(out _))
        {
        }

        return !reader.IsMalformed;
    }

    /// <summary>Writes a HealthCheckResponse as a message.</summary>
    public static void WriteResponse(GrpcStream stream, ServingStatus status) => WriteMessage(stream, Response(status));

    /// <summary>Writes a HealthListResponse as a message.</summary>
    public static void WriteList(GrpcStream stream, ServingStatus status)
    {
        ArrayBufferWriter<byte> entry = new();
        WireAppender entryWriter = new(entry);
        entryWriter.WriteString(KeyField, Listed);
        entryWriter.WriteBytes(ValueField, Response(status).WrittenSpan);
        ArrayBufferWriter<byte> list = new();
        new WireAppender(list).WriteBytes(StatusesField, entry.WrittenSpan);
        WriteMessage(stream, list);
    }

    private static ArrayBufferWriter<byte> Response(ServingStatus status)
    {
        ArrayBufferWriter<byte> response = new();
        new WireAppender(response).WriteVarint(StatusField, (ulong)status);
        return response;
    }

    private static void WriteMessage(GrpcStream stream, ArrayBufferWriter<byte> message)
    {
        stream.BeginMessage(message.WrittenCount);
        stream.Output.Write(message.WrittenSpan);
    }
}
