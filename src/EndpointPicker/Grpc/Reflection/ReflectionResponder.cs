using System.Buffers;
using System.Text;

namespace EndpointPicker.Grpc.Reflection;

/// <summary>Turns a ServerReflectionRequest into a ServerReflectionResponse; what is not found is an answer, not the end of the stream.</summary>
internal sealed class ReflectionResponder(DescriptorSet descriptors, string[] services)
{
    private const int RequestHost = 1;
    private const int RequestFileByName = 3;
    private const int RequestFileBySymbol = 4;
    private const int RequestFileByExtension = 5;
    private const int RequestExtensionNumbers = 6;
    private const int RequestServices = 7;

    private const int ResponseHost = 1;
    private const int ResponseRequest = 2;
    private const int ResponseFiles = 4;
    private const int ResponseExtensionNumbers = 5;
    private const int ResponseServices = 6;
    private const int ResponseError = 7;

    // The first field of FileDescriptorResponse, ExtensionNumberResponse, ListServiceResponse, ServiceResponse and ErrorResponse, and the second of the last.
    private const int First = 1;
    private const int Second = 2;

    /// <summary>Answers one request; false when it is not protobuf.</summary>
    public bool TryRespond(ReadOnlySpan<byte> request, out ArrayBufferWriter<byte> response)
    {
        response = new ArrayBufferWriter<byte>();
        WireAppender writer = new(response);
        int asked = 0;
        string argument = "";
        WireReader reader = new(request);
        while (reader.TryNext(out WireField field))
        {
            if (field.Is(RequestHost))
            {
                writer.WriteBytes(ResponseHost, field.Bytes);
            }
            else if (field.Number is >= RequestFileByName and <= RequestServices && field.Type == WireType.Bytes)
            {
                // Of a oneof the last one counts.
                asked = field.Number;
                argument = Encoding.UTF8.GetString(field.Bytes);
            }
        }

        if (reader.IsMalformed)
        {
            return false;
        }

        writer.WriteBytes(ResponseRequest, request);
        (int number, ArrayBufferWriter<byte> answer) = Answer(asked, argument);
        writer.WriteBytes(number, answer.WrittenSpan);
        return true;
    }

    private (int Number, ArrayBufferWriter<byte> Answer) Answer(int asked, string argument) => asked switch
    {
        RequestFileByName => Files(descriptors.FindFile(argument), argument),
        RequestFileBySymbol => Files(descriptors.FindSymbol(argument), argument),
        RequestFileByExtension => Error(StatusCode.NotFound, "no such extension"),
        RequestExtensionNumbers => ExtensionNumbers(argument),
        RequestServices => Services(),
        _ => Error(StatusCode.InvalidArgument, "no message_request that this server knows"),
    };

    private (int Number, ArrayBufferWriter<byte> Answer) Files(DescriptorFile? found, string argument)
    {
        if (found is null)
        {
            return Error(StatusCode.NotFound, $"not found: {argument}");
        }

        ArrayBufferWriter<byte> answer = new();
        foreach (DescriptorFile file in descriptors.WithImports(found))
        {
            new WireAppender(answer).WriteBytes(First, file.Bytes.Span);
        }

        return (ResponseFiles, answer);
    }

    private (int Number, ArrayBufferWriter<byte> Answer) ExtensionNumbers(string message)
    {
        if (!descriptors.IsMessage(message))
        {
            return Error(StatusCode.NotFound, $"no such message: {message}");
        }

        // Nothing that we serve has extensions: the list stays empty.
        ArrayBufferWriter<byte> answer = new();
        new WireAppender(answer).WriteString(First, message);
        return (ResponseExtensionNumbers, answer);
    }

    private (int Number, ArrayBufferWriter<byte> Answer) Services()
    {
        ArrayBufferWriter<byte> answer = new();
        foreach (string service in services)
        {
            ArrayBufferWriter<byte> entry = new();
            new WireAppender(entry).WriteString(First, service);
            new WireAppender(answer).WriteBytes(First, entry.WrittenSpan);
        }

        return (ResponseServices, answer);
    }

    private static (int Number, ArrayBufferWriter<byte> Answer) Error(StatusCode code, string message)
    {
        ArrayBufferWriter<byte> answer = new();
        WireAppender writer = new(answer);
        writer.WriteVarint(First, (ulong)code);
        writer.WriteString(Second, message);
        return (ResponseError, answer);
    }
}
