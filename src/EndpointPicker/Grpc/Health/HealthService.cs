using System.Buffers;
using System.Text;

namespace EndpointPicker.Grpc.Health;

/// <summary>grpc.health.v1.Health over one state.</summary>
internal static class HealthService
{
    public const string Name = "grpc.health.v1.Health";

    private const int ServiceField = 1;
    private const int StatusField = 1;
    private const int StatusesField = 1;
    private const int KeyField = 1;
    private const int ValueField = 2;

    /// <summary>Check, List and Watch.</summary>
    public static GrpcMethod[] Methods(HealthState state) => [new CheckMethod(state), new ListMethod(state), new WatchMethod(state)];

    /// <summary>Reads a HealthCheckRequest, or a HealthListRequest, which has no service.</summary>
    /// <param name="request">Its bytes.</param>
    /// <param name="service">The service that it names; empty for the whole server.</param>
    /// <returns>Whether the bytes are a request.</returns>
    public static bool TryRead(ReadOnlySpan<byte> request, out string service)
    {
        ReadOnlySpan<byte> name = default;
        WireReader reader = new(request);
        while (reader.TryNext(out WireField field))
        {
            if (field.Is(ServiceField))
            {
                name = field.Bytes;
            }
        }

        service = Encoding.UTF8.GetString(name);
        return !reader.IsMalformed;
    }

    /// <summary>Writes a HealthCheckResponse as a message.</summary>
    public static void WriteResponse(GrpcStream stream, ServingStatus status) => WriteMessage(stream, Response(status));

    /// <summary>Writes a HealthListResponse as a message.</summary>
    public static void WriteList(GrpcStream stream, HealthNames names, ServingStatus readiness)
    {
        ArrayBufferWriter<byte> list = new();
        foreach (string name in names.Listed)
        {
            ArrayBufferWriter<byte> entry = new();
            WireAppender entryWriter = new(entry);
            entryWriter.WriteString(KeyField, name);
            entryWriter.WriteBytes(ValueField, Response(names.Status(name, readiness)).WrittenSpan);
            new WireAppender(list).WriteBytes(StatusesField, entry.WrittenSpan);
        }

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
