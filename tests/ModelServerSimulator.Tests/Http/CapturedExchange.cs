using System.Globalization;
using System.Text;
using Testing;

namespace ModelServerSimulator.Tests.Http;

/// <summary>One recorded exchange with a real vLLM: the request to repeat and the answer to compare with.</summary>
internal sealed record CapturedExchange(HttpMethod Method, string Path, string? ContentType, string Body, int Status, string AnswerBody)
{
    public static CapturedExchange Load(string name)
    {
        (string[] request, string body) = Read($"{name}.request.http");
        (string[] response, string answer) = Read($"{name}.response.http");
        string[] start = request[0].Split(' ');
        string? type = request.FirstOrDefault(line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase))?.Split(':', 2)[1].Trim();
        return new CapturedExchange(new HttpMethod(start[0]), start[1], type, body, int.Parse(response[0].Split(' ')[1], CultureInfo.InvariantCulture), answer);
    }

    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(Method, Path);
        if (ContentType is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }

        return request;
    }

    private static (string[] Head, string Body) Read(string file)
    {
        string text = File.ReadAllText(Fixtures.Require("engines", "vllm-0.32.0", "http", file));
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (text[..end].Split("\r\n"), text[(end + 4)..]);
    }
}
