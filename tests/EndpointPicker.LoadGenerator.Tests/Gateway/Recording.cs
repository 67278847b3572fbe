using System.Text;
using System.Text.Json;
using Envoy.Service.ExtProc.V3;
using Testing;
using Case = Envoy.Service.ExtProc.V3.ProcessingRequest.RequestOneofCase;

namespace EndpointPicker.LoadGenerator.Tests.Gateway;

/// <summary>What a real Envoy sent for one request.</summary>
internal sealed class Recording
{
    private Recording(IReadOnlyList<ProcessingRequest> messages) => Messages = messages;

    public IReadOnlyList<ProcessingRequest> Messages { get; }

    public string RequestBody => string.Concat(Messages.Where(message => message.RequestCase == Case.RequestBody)
        .Select(message => message.RequestBody.Body.ToString(Encoding.Latin1)));

    public IEnumerable<(string Name, string Value)> RequestHeaders =>
        Messages[0].RequestHeaders.Headers.Headers.Select(header => (header.Key, header.RawValue.ToString(Encoding.Latin1)));

    public static Recording Load(string name)
    {
        List<ProcessingRequest> messages = [];
        foreach (string line in File.ReadLines(Fixtures.Require("envoy", "recordings", name + ".jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty("message", out JsonElement message))
            {
                messages.Add(ProcessingRequest.Parser.ParseFrom(message.GetBytesFromBase64()));
            }
        }

        return new Recording(messages);
    }

    /// <summary>
    /// Kinds and end flags in order, bodies with their length. Neighbouring chunks are added up, since how bytes fall into chunks is
    /// timing; where the end flag stands is not.
    /// </summary>
    public static string Shape(IEnumerable<ProcessingRequest> messages)
    {
        var shape = new List<string>();
        (string Kind, int Length) open = ("", 0);
        foreach (ProcessingRequest message in messages)
        {
            (string kind, int length, bool end) = message.RequestCase switch
            {
                Case.RequestHeaders => ("H", -1, message.RequestHeaders.EndOfStream),
                Case.RequestBody => ("B", message.RequestBody.Body.Length, message.RequestBody.EndOfStream),
                Case.RequestTrailers => ("T" + message.RequestTrailers.Trailers.Headers.Count, -1, false),
                Case.ResponseHeaders => ("RH", -1, message.ResponseHeaders.EndOfStream),
                Case.ResponseBody => ("RB", message.ResponseBody.Body.Length, message.ResponseBody.EndOfStream),
                _ => ("RT", -1, false),
            };
            if (length >= 0 && !end)
            {
                open = (kind, (open.Kind == kind ? open.Length : 0) + length);
                continue;
            }

            Flush();
            shape.Add(length < 0 ? $"{kind}({(end ? 1 : 0)})" : $"{kind}({length},1)");
        }

        Flush();
        return string.Join(' ', shape);

        void Flush()
        {
            if (open.Kind.Length > 0)
            {
                shape.Add($"{open.Kind}({open.Length},0)");
                open = ("", 0);
            }
        }
    }
}
