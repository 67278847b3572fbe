using System.Net.Sockets;

namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>
/// A connection to a model server that can send request trailers, which .NET's HTTP client cannot: the empty chunk with which that ends a body
/// is written with the trailers in it.
/// </summary>
internal sealed class TrailerStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private static readonly AsyncLocal<RequestBody?> Current = new();

    /// <summary>Names the body that the calling flow is about to send; a connection serves many requests, one after the other.</summary>
    public static void Expect(RequestBody body) => Current.Value = body;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        bool ends = Current.Value is { IsAllSent: true, Trailers: not null, Length: null } && buffer.Span.EndsWith("0\r\n\r\n"u8);
        return ends ? WriteEndAsync(buffer[..^2], Current.Value!.Trailers!, cancellationToken) : base.WriteAsync(buffer, cancellationToken);
    }

    private async ValueTask WriteEndAsync(ReadOnlyMemory<byte> end, HeaderList trailers, CancellationToken cancellationToken)
    {
        await base.WriteAsync(end, cancellationToken);
        await base.WriteAsync(System.Text.Encoding.Latin1.GetBytes($"{trailers.ToText()}\r\n"), cancellationToken);
    }
}
