using System.Text;
using System.Text.Json;
using EndpointPicker.Core.Requests.Responses;
using Testing;

namespace EndpointPicker.Core.Tests.Requests.Responses;

public sealed class ResponseReaderTests
{
    [Fact]
    public void Append_EngineCapturesInAnySplit_UsageAsSystemTextJsonReadsIt()
    {
        int withUsage = 0;
        int streams = 0;
        ResponseReader reader = new();
        foreach (string file in Directory.GetFiles(Fixtures.Require("engines"), "*.response.http", SearchOption.AllDirectories))
        {
            HttpCapture capture = HttpCapture.Read(file);
            string name = Path.GetFileName(file);
            ResponseFormat format = name.StartsWith("messages", StringComparison.Ordinal) ? ResponseFormat.Anthropic
                : name.StartsWith("generate.", StringComparison.Ordinal) ? ResponseFormat.Sglang : ResponseFormat.OpenAi;
            bool stream = capture.ContentType.StartsWith("text/event-stream", StringComparison.Ordinal);
            List<JsonElement> documents = Documents(capture.Body, stream);
            TokenUsage? expected = Expected(documents, format);
            foreach (int piece in new[] { 1, 2, 7, 64, 1000, int.MaxValue })
            {
                Read(reader, format, capture, piece);

                Assert.True(expected == reader.Usage, $"{file} in pieces of {piece}: {reader.Usage} instead of {expected}");
                Assert.Equal(stream, reader.IsStreaming);
                Assert.Equal(stream ? documents.Count : 0, reader.Events);
                Assert.Equal(capture.Body.Length > 0, reader.FirstTokenSeen);
            }

            withUsage += expected is null ? 0 : 1;
            streams += stream && expected is not null ? 1 : 0;
        }

        Assert.True(withUsage > 40 && streams > 10, $"only {withUsage} captures with usage, {streams} of them streams");
    }

    [Theory]
    [InlineData("data: {\"usage\":{\"prompt_tokens\":3}}\n\n", 1, true)]
    [InlineData(": keep-alive\n\n", 0, false)]
    [InlineData(": keep-alive\n\ndata:{}\r\n\r\n", 1, true)]
    [InlineData("data: [DONE]\n\n", 0, false)]
    [InlineData("event: response.created\ndata: {}\n\n", 1, false)]
    [InlineData("event: response.created\ndata: {}\n\nevent: response.output_text.delta\ndata: {}\n\n", 2, true)]
    [InlineData("event: response.created\r\ndata: {}\r\n\r\ndata: {}\r\n\r\n", 2, true)]
    [InlineData("event: message_start\ndata: {}\n\nevent: ping\ndata: {}\n\n", 2, false)]
    [InlineData("dat: x\ndata\nretry: 1\nid: data: x\n\n", 0, false)]
    public void Append_Stream_TellsTheFirstTokenFromWhatComesBefore(string body, int events, bool first)
    {
        for (int piece = 1; piece <= body.Length; piece++)
        {
            ResponseReader reader = new();
            Read(reader, ResponseFormat.OpenAi, new HttpCapture("text/event-stream; charset=utf-8", Encoding.UTF8.GetBytes(body)), piece);

            Assert.Equal(events, reader.Events);
            Assert.Equal(first, reader.FirstTokenSeen);
        }
    }

    // Merging as the specification has it: zero and absent keep what was known; a total counts only with a whole report.
    [Theory]
    [InlineData("""{"usage":{"prompt_tokens":"12","completion_tokens":3}}""", ResponseFormat.OpenAi, 12, 3, null, 15)]
    [InlineData("""{"usage":{"input_tokens":12,"output_tokens":3,"total_tokens":99,"input_tokens_details":{"cached_tokens":8}}}""", ResponseFormat.OpenAi, 12, 3, 8L, 99)]
    [InlineData("""{"choices":[{"usage":{"prompt_tokens":1}}],"usage":{"prompt_tokens":12,"total_tokens":12,"x":{"cached_tokens":1}}}""", ResponseFormat.OpenAi, 12, 0, null, 12)]
    [InlineData("""{"usage":{"input_tokens":4,"output_tokens":5,"cache_read_input_tokens":2}}""", ResponseFormat.Anthropic, 4, 5, 2L, 9)]
    [InlineData("""{"meta_info":{"prompt_tokens":4,"completion_tokens":5,"cached_tokens":2,"finish_reason":{}}}""", ResponseFormat.Sglang, 4, 5, 2L, 9)]
    public void Append_Json_ReadsEachFormat(string body, ResponseFormat format, long prompt, long completion, long? cached, long total)
    {
        for (int piece = 1; piece <= body.Length; piece++)
        {
            ResponseReader reader = new();
            Read(reader, format, new HttpCapture("application/json", Encoding.UTF8.GetBytes(body)), piece);

            Assert.Equal(new TokenUsage(prompt, completion, cached, total), reader.Usage);
        }
    }

    [Theory]
    [InlineData("""{"usage":null}""", ResponseFormat.OpenAi)]
    [InlineData("""{"usage":{}}""", ResponseFormat.OpenAi)]
    [InlineData("""{"meta_info":{"cached_tokens":2}}""", ResponseFormat.Sglang)]
    [InlineData("""{"usage":{"prompt_tokens":1}}""", ResponseFormat.None)]
    [InlineData("upstream connect error", ResponseFormat.OpenAi)]
    [InlineData("[{\"usage\":{\"prompt_tokens\":1}}]", ResponseFormat.OpenAi)]
    public void Append_NoUsage_TellsNone(string body, ResponseFormat format)
    {
        ResponseReader reader = new();
        Read(reader, format, new HttpCapture("application/json", Encoding.UTF8.GetBytes(body)), 5);

        Assert.Null(reader.Usage);
    }

    [Fact]
    public void Append_SglangStream_LastCumulativeReportCounts()
    {
        string body = string.Concat(Enumerable.Range(1, 5).Select(i =>
            $$$"""data: {"text":"a","meta_info":{"finish_reason":{{{(i == 5 ? "{\"type\":\"stop\"}" : "null")}}},"prompt_tokens":7,"completion_tokens":{{{i}}}}}""" + "\n\n"));
        ResponseReader reader = new();
        Read(reader, ResponseFormat.Sglang, new HttpCapture("text/event-stream", Encoding.UTF8.GetBytes(body)), int.MaxValue);

        Assert.Equal(new TokenUsage(7, 5, null, 12), reader.Usage);
    }

    [Fact]
    public void Append_WarmReader_AllocatesNothing()
    {
        byte[] body = Encoding.UTF8.GetBytes("data: {\"choices\":[{}],\"usage\":null}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n");
        ResponseReader reader = new();
        Run();
        Run();

        Assert.Equal(0, Allocations.Least(Run));
        Assert.Equal(7, reader.Usage?.Total);

        void Run()
        {
            reader.Begin(ResponseFormat.OpenAi, "text/event-stream"u8);
            reader.Append(body.AsSpan(0, 50));
            reader.Append(body.AsSpan(50));
        }
    }

    private static void Read(ResponseReader reader, ResponseFormat format, HttpCapture capture, int piece)
    {
        reader.Begin(format, Encoding.UTF8.GetBytes(capture.ContentType));
        for (int from = 0; from < capture.Body.Length;)
        {
            int length = Math.Min(piece, capture.Body.Length - from);
            reader.Append(capture.Body.AsSpan(from, length));
            from += length;
        }
    }

    private static List<JsonElement> Documents(byte[] body, bool stream)
    {
        string text = Encoding.UTF8.GetString(body);
        IEnumerable<string> texts = stream
            ? text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal) && line != "data: [DONE]").Select(line => line[6..])
            : [text];
        List<JsonElement> documents = [];
        foreach (string document in texts)
        {
            try
            {
                documents.Add(JsonDocument.Parse(document).RootElement);
            }
            catch (JsonException) when (!stream)
            {
                // An answer in plain text.
            }
        }

        return documents;
    }

    private static TokenUsage? Expected(List<JsonElement> documents, ResponseFormat format)
    {
        long? prompt = null;
        long? completion = null;
        long? cached = null;
        long? total = null;
        string member = format == ResponseFormat.Sglang ? "meta_info" : "usage";
        foreach (JsonElement document in documents.Where(d => d.ValueKind == JsonValueKind.Object))
        {
            foreach (JsonElement holder in new[] { document, Get(document, "response"), Get(document, "message") })
            {
                JsonElement usage = Get(holder, member);
                prompt = Number(usage, "prompt_tokens") ?? Number(usage, "input_tokens") ?? prompt;
                completion = Number(usage, "completion_tokens") ?? Number(usage, "output_tokens") ?? completion;
                total = Number(usage, "total_tokens") ?? total;
                cached = Number(usage, "cache_read_input_tokens") ?? Number(Get(usage, "prompt_tokens_details"), "cached_tokens")
                    ?? Number(Get(usage, "input_tokens_details"), "cached_tokens") ?? Number(usage, "cached_tokens") ?? cached;
            }
        }

        return prompt is null && completion is null ? null : new TokenUsage(prompt ?? 0, completion ?? 0, cached, total ?? (prompt + completion) ?? 0);
    }

    private static JsonElement Get(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : default;

    private static long? Number(JsonElement element, string name) =>
        Get(element, name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
}
