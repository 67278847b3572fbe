using System.Text;

namespace EndpointPicker.Core.Tests.Requests.Responses;

/// <summary>A captured HTTP response: its content type and its body without chunked framing.</summary>
internal sealed record HttpCapture(string ContentType, byte[] Body)
{
    public static HttpCapture Read(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        string[] head = Encoding.Latin1.GetString(bytes, 0, end).Split("\r\n");
        byte[] body = bytes[(end + 4)..];
        string type = Array.Find(head, line => line.StartsWith("content-type:", StringComparison.OrdinalIgnoreCase))?[13..].Trim() ?? "";
        bool chunked = Array.Exists(head, line => line.Equals("transfer-encoding: chunked", StringComparison.OrdinalIgnoreCase));
        return new HttpCapture(type, chunked ? Unchunk(body) : body);
    }

    private static byte[] Unchunk(byte[] framed)
    {
        List<byte> body = [];
        for (int at = 0; at < framed.Length;)
        {
            int end = framed.AsSpan(at).IndexOf("\r\n"u8);
            int length = Convert.ToInt32(Encoding.ASCII.GetString(framed, at, end), 16);
            at += end + 2;
            // A client that left early has the last chunk cut.
            int there = Math.Min(length, framed.Length - at);
            body.AddRange(framed.AsSpan(at, there));
            if (length == 0)
            {
                break;
            }

            at += there + 2;
        }

        return [.. body];
    }
}
