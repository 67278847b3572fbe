using System.Globalization;
using System.Text.Json;

namespace EndpointPicker.Cluster.Api;

/// <summary>What the API server answered. A refusal is an answer like any other.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body: an object, a list, or for a refusal a <c>Status</c>.</param>
internal sealed record ApiAnswer(int Status, byte[] Body)
{
    /// <summary>Whether the request was obeyed.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>A refusal's reason, such as <c>AlreadyExists</c>; empty where the server gave none.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>A refusal's message; empty where the server gave none.</summary>
    public string Message { get; private init; } = "";

    /// <summary>How long the server asks to wait before the next attempt.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Whether it is refused because the server has not reached the resource version that was asked for.</summary>
    public bool VersionTooLarge { get; private init; }

    /// <summary>What was answered, in a line for logs.</summary>
    public override string ToString()
    {
        string status = Status.ToString(CultureInfo.InvariantCulture);
        return (Reason.Length > 0 ? $"{status} {Reason}" : status) + (Message.Length > 0 ? $": {Message}" : "");
    }

    /// <summary>An answer with what the body of a refusal says.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body.</param>
    /// <param name="retryAfter">What the answer's header asks for.</param>
    public static ApiAnswer Read(int status, byte[] body, TimeSpan? retryAfter = null)
    {
        ApiAnswer answer = new(status, body) { RetryAfter = retryAfter };
        if (answer.IsSuccess)
        {
            return answer;
        }

        try
        {
            Utf8JsonReader json = new(body);
            StatusObject said = json.Read() && json.TokenType == JsonTokenType.StartObject ? StatusObject.Read(json) : default;
            return answer with { Reason = said.Reason ?? "", Message = said.Message ?? "", RetryAfter = retryAfter ?? said.RetryAfter, VersionTooLarge = said.VersionTooLarge };
        }
        catch (JsonException)
        {
            // Not every refusal is the API server's own: proxies answer in HTML, and it says "404 page not found" itself.
            return answer;
        }
    }
}
