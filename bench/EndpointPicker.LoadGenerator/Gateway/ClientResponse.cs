using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>
/// The answer to the client, with trailers where they come: Kestrel sends none over HTTP/1.1, so a body without a length is cut into chunks here.
/// </summary>
internal sealed class ClientResponse(HttpContext http)
{
    private bool _inChunks;

    public bool HasStarted => http.Response.HasStarted;

    /// <summary>Sets the head; it goes out with the first bytes of the body.</summary>
    public void Start(int status, HeaderList headers, bool isEmpty)
    {
        http.Response.StatusCode = int.TryParse(headers[":status"], out int changed) ? changed : status;
        foreach ((string name, string value) in headers.Lines)
        {
            if (!name.StartsWith(':'))
            {
                http.Response.Headers.Append(name, value);
            }
        }

        _inChunks = !isEmpty && http.Response.ContentLength is null && HttpProtocol.IsHttp11(http.Request.Protocol);
        if (_inChunks)
        {
            http.Response.Headers.TransferEncoding = "chunked";
        }
    }

    /// <summary>Sends a part of the body at once.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        IBufferWriter<byte> writer = http.Response.BodyWriter;
        if (_inChunks)
        {
            Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n", writer);
        }

        writer.Write(bytes.Span);
        if (_inChunks)
        {
            writer.Write("\r\n"u8);
        }

        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    /// <summary>Ends the answer. Trailers need chunks: a body with a length has none.</summary>
    public async Task EndAsync(HeaderList? trailers = null)
    {
        if (_inChunks)
        {
            Encoding.Latin1.GetBytes($"0\r\n{trailers?.ToText()}\r\n", http.Response.BodyWriter);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }

        await http.Response.CompleteAsync();
    }

    public void Abort() => http.Abort();
}
