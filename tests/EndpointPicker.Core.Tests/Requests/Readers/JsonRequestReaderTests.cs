using System.Text;
using System.Text.Json;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Readers;
using Testing;

namespace EndpointPicker.Core.Tests.Requests.Readers;

public sealed class JsonRequestReaderTests
{
    private const string Chat = """
        {"model":"llama\u002d3", "messages":[{"role":"system","content":"Be brief.\n"},{"role":"user","content":[{"type":"text","text":"Hé"},{"type":"text","text":"llo \ud83d\ude00"}]},
        {"role":"assistant","content":null,"tool_calls":[{"id":"1"}]}], "stream":true,"temperature":0.5,"cache_salt":"s",
        "max_tokens":7,"max_completion_tokens":5,"tools":[ {"type":"function"} ]}
        """;

    [Fact]
    public void Finish_ChatInAnySplit_FillsTheRequestAndThePrompt()
    {
        string[] expected =
        [
            "Messages systemBe brief.\nuserHéllo 😀assistant[{\"id\":\"1\"}]",
            "salt s",
            "Tools [ {\"type\":\"function\"} ]",
        ];
        int length = Encoding.UTF8.GetByteCount(Chat);
        for (int piece = 1; piece <= length; piece++)
        {
            ReaderRun run = ReaderRun.Of(RequestApi.ChatCompletions, Chat, piece);

            Assert.Null(run.Error);
            Assert.Equal("llama-3", run.Request.Model);
            Assert.Equal("\"llama\\u002d3\"", Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Chat)[run.Request.ModelValue]));
            Assert.True(run.Request.Stream);
            Assert.Equal(5, run.Request.MaxOutputTokens);
            Assert.Equal(expected, run.Prompt);
        }
    }

    // Layouts: the byte streams that the specification names for each API.
    [Theory]
    [InlineData(RequestApi.Completions, """{"prompt":"Hello","model":"m"}""", "Messages Hello")]
    [InlineData(RequestApi.Completions, """{"prompt":["a","b",""],"model":"m"}""", "Messages a|next|Messages b|next")]
    [InlineData(RequestApi.Completions, """{"prompt":[1,2,4294967295],"model":"m"}""", "Messages ids 1 2 4294967295")]
    [InlineData(RequestApi.Embeddings, """{"input":"Hi","model":"m"}""", "Messages \"Hi\"")]
    [InlineData(RequestApi.Embeddings, """{"input":["Hi", "x"],"model":"m"}""", "Messages [\"Hi\", \"x\"]")]
    [InlineData(RequestApi.Responses, """{"input":"Hi","model":"m","instructions":"Be","tools":[1]}""", "Messages \"Hi\"|System \"Be\"|Tools [1]")]
    [InlineData(RequestApi.Responses, """{"input":5,"tools":null}""", "Messages 5")]
    [InlineData(RequestApi.Conversations, """{"items":[{"type":"message","role":"user","content":"x"}]}""", "Messages [{\"type\":\"message\",\"role\":\"user\",\"content\":\"x\"}]")]
    [InlineData(RequestApi.ImageGenerations, """{"prompt":"cat","n":2}""", "")]
    [InlineData(RequestApi.VllmGenerate, """{"token_ids":[5,6],"cache_salt":"z"}""", "Messages ids 5 6|salt z")]
    [InlineData(RequestApi.SglangGenerate, """{"input_ids":[5,6],"extra_key":"z"}""", "Messages ids 5 6|salt z")]
    [InlineData(RequestApi.AnthropicMessages, """{"system":"You","messages":[{"role":"user","content":"Hi"}],"max_tokens":3}""", "System You|Messages userHi")]
    [InlineData(
        RequestApi.AnthropicMessages,
        """{"tools":[{"name":"t"}],"system":[{"type":"text","text":"x-anthropic-billing-header: a"},{"type":"text","text":"x-anthropic"},{"type":"text","text":"-bill you"}],"messages":[{"role":"a","content":[{"type":"thinking","thinking":"hm"},{"type":"tool_use","id":"i","name":"n","input":{"q": 1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"i","content":[{"type":"text","text":"res"}]},{"type":"tool_result","content":"ult"}]}]}""",
        "Tools [{\"name\":\"t\"}]|System x-anthropic-bill you|Messages ahmin{\"q\": 1}userresult")]
    public void Finish_PromptOfEachApi_HasTheSpecifiedLayout(RequestApi api, string body, string expected)
    {
        for (int piece = 1; piece <= body.Length; piece++)
        {
            ReaderRun run = ReaderRun.Of(api, body, piece);

            Assert.Null(run.Error);
            Assert.Equal(expected, string.Join('|', run.Prompt));
        }
    }

    [Theory]
    [InlineData("""{"max_completion_tokens":"9","max_tokens":8""", 8L)]
    [InlineData("""{"max_completion_tokens":-1,"max_tokens":8""", 8L)]
    [InlineData("""{"max_completion_tokens":1.5,"max_tokens":8""", 8L)]
    [InlineData("""{"max_completion_tokens":0,"max_tokens":8""", 0L)]
    [InlineData("""{"max_completion_tokens":1e2""", 100L)]
    [InlineData("""{"max_tokens":8,"max_tokens":null""", null)]
    [InlineData("""{"max_tokens":[8],"x":{"max_tokens":4}""", null)]
    [InlineData("""{"Max_tokens":8""", null)]
    public void Finish_OutputCaps_FirstKeyThatHoldsOneCounts(string start, long? expected)
    {
        ReaderRun run = ReaderRun.Of(RequestApi.ChatCompletions, start + ""","messages":[{}]}""", 3);

        Assert.Null(run.Error);
        Assert.Equal(expected, run.Request.MaxOutputTokens);
    }

    [Theory]
    [InlineData("\"a\"", "a", "\"a\"")]
    [InlineData("5", "", "5")]
    [InlineData("null", "", "null")]
    [InlineData("{\"x\": [1]}", "", "{\"x\": [1]}")]
    [InlineData("\"b\",\"model\":\"a\"", "a", "\"a\"")]
    [InlineData("\"b\",\"model\":true", "", "true")]
    public void Finish_ModelOfAnyKind_OnlyAStringNamesOne(string value, string model, string range)
    {
        string body = $$"""{"Model":"no","messages":[{"model":"no"}],"model":{{value}} ,"n":1}""";
        for (int piece = 1; piece <= body.Length; piece++)
        {
            ReaderRun run = ReaderRun.Of(RequestApi.ChatCompletions, body, piece);

            Assert.Null(run.Error);
            Assert.Equal(model, run.Request.Model);
            Assert.Equal(range, body[run.Request.ModelValue]);
            Assert.Equal(1, run.Request.ModelInsertion);
        }
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("\"true\"", false)]
    [InlineData("1", false)]
    [InlineData("true,\"stream\":0", false)]
    public void Finish_StreamFlag_OnlyTrueIsTrue(string value, bool expected) =>
        Assert.Equal(expected, ReaderRun.Of(RequestApi.Completions, $$"""{"prompt":"x","stream":{{value}}}""").Request.Stream);

    // Reference texts: the specification's tables of acceptance and messages.
    [Theory]
    [InlineData(RequestApi.ChatCompletions, "{}", "invalid chat completions request: must have valid messages field")]
    [InlineData(RequestApi.ChatCompletions, "null", "invalid chat completions request: must have valid messages field")]
    [InlineData(RequestApi.ChatCompletions, """{"messages":[]}""", "invalid chat completions request: must have valid messages field")]
    [InlineData(RequestApi.ChatCompletions, """{"messages":"x"}""", "invalid chat completions request: must have valid messages field")]
    [InlineData(RequestApi.ChatCompletions, """{"messages":[{"role":1}]}""", "invalid chat completions request: must have valid messages field")]
    [InlineData(RequestApi.ChatCompletions, """{"messages":[{"content":[{"type":"image_url","image_url":"http://x"}]}]}""", "invalid chat completions request: must have valid messages field")]
    [InlineData(RequestApi.ChatCompletions, """{"messages":[{}],"tools":{}}""", "invalid chat completions request: must have valid messages field")]
    [InlineData(RequestApi.ChatCompletions, """{"messages":[{}],"add_generation_prompt":1}""", "invalid chat completions request: must have valid messages field")]
    [InlineData(RequestApi.Completions, """{"prompt":""}""", "invalid completions request: must have prompt field")]
    [InlineData(RequestApi.Completions, """{"prompt":[]}""", "invalid completions request: must have prompt field")]
    [InlineData(RequestApi.Completions, """{"prompt":null}""", "invalid completions request: must have prompt field")]
    [InlineData(RequestApi.Completions, """{"prompt":["a",1]}""", "invalid completions request: must have prompt field")]
    [InlineData(RequestApi.Completions, """{"prompt":[[1]]}""", "invalid completions request: must have prompt field")]
    [InlineData(RequestApi.Completions, """{"prompt":[1.5]}""", "invalid completions request: must have prompt field")]
    [InlineData(RequestApi.Completions, """{"prompt":[4294967296]}""", "invalid completions request: must have prompt field")]
    [InlineData(RequestApi.Completions, """{"prompt":[-1]}""", "invalid completions request: must have prompt field")]
    [InlineData(RequestApi.Embeddings, """{"input":{}}""", "invalid embeddings request: must have input field")]
    [InlineData(RequestApi.Responses, """{"input":null}""", "invalid responses request: must have input field")]
    [InlineData(RequestApi.Conversations, """{"items":[]}""", "invalid conversations request: must have items field")]
    [InlineData(RequestApi.Conversations, """{"items":["x"]}""", "invalid conversations request: must have items field")]
    [InlineData(RequestApi.ImageGenerations, """{"prompt":["x"]}""", "invalid images generations request: must have prompt field")]
    [InlineData(RequestApi.ImageGenerations, """{"prompt":"x","n":1.5}""", "invalid images generations request: must have prompt field")]
    [InlineData(RequestApi.AnthropicMessages, """{"messages":[]}""", "invalid messages request: must have at least one message")]
    [InlineData(RequestApi.AnthropicMessages, """{"messages":5}""", "error parsing messages request: messages must be an array or null, not a number")]
    [InlineData(RequestApi.VllmGenerate, """{"token_ids":[]}""", "invalid generate request: must have non-empty token_ids field")]
    [InlineData(RequestApi.SglangGenerate, """{"text":"x"}""", "invalid generate request: input_ids must be provided")]
    [InlineData(RequestApi.SglangGenerate, """{"input_ids":[]}""", "invalid generate request: input_ids cannot be empty")]
    [InlineData(RequestApi.SglangGenerate, """{"input_ids":[[1]]}""", "invalid generate request: input_ids must be an array of uint32 integers")]
    [InlineData(RequestApi.SglangGenerate, """{"input_ids":[1],"extra_key":1}""", "unsupported generate request: extra_key must be a string")]
    [InlineData(RequestApi.ChatCompletions, "invalid json body", "error unmarshaling request bodyMap: invalid character 'i' looking for beginning of value")]
    [InlineData(RequestApi.ChatCompletions, "", "error unmarshaling request bodyMap: unexpected end of JSON input")]
    [InlineData(RequestApi.ChatCompletions, "[]", "error unmarshaling request bodyMap: json: cannot unmarshal array into Go value of type map[string]interface {}")]
    public void Finish_WrongBody_HasTheReferencesWords(RequestApi api, string body, string reference)
    {
        for (int piece = 1; piece <= Math.Max(1, body.Length); piece++)
        {
            Assert.Equal(reference, ReaderRun.Of(api, body, piece).Error?.ReferenceMessage);
        }
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"u"},{"content":[{"type":"t"},{"image_url":"u"}]}]}""", "in the chat completions request messages[1].content[1].image_url must be an object or null, not a string", null)]
    [InlineData("""{"messages":[]}""", "the chat completions request has an empty 'messages'; it must be there and not be empty", null)]
    [InlineData("""{"m":1}""", "the chat completions request lacks 'messages'; it must be there and not be empty", null)]
    [InlineData("""{"messages":[{}],}""", "malformed JSON at byte 17: expected a member name in quotes, found '}'", 17L)]
    public void Finish_WrongBody_SaysWhatAndWhere(string body, string message, long? offset)
    {
        RequestError? error = ReaderRun.Of(RequestApi.ChatCompletions, body).Error;

        Assert.Equal(message, error?.Message);
        Assert.Equal(offset, error?.Offset);
    }

    [Theory]
    [InlineData("""{"messages":"x","messages":[{"role":"u"}]}""")]
    [InlineData("""{"Messages":[{"ROLE":"u","content":[{"type":"unknown","foo":{}}]}]}""")]
    [InlineData("""{"messages":[{"role":null,"content":null}],"tools":null}""")]
    public void Finish_OddButValidChat_IsAccepted(string body) => Assert.Null(ReaderRun.Of(RequestApi.ChatCompletions, body).Error);

    [Theory]
    [InlineData(RequestApi.SglangGenerate, """{"text":"Hi"}""", "Messages Hi")]
    [InlineData(RequestApi.SglangGenerate, """{"text":["Hi","x"]}""", "Messages Hi|next|Messages x")]
    [InlineData(RequestApi.SglangGenerate, """{"input_ids":[[1,2],[3]]}""", "Messages ids 1 2|next|Messages ids 3")]
    [InlineData(RequestApi.Completions, """{"prompt":[[1,2],[3]]}""", "Messages ids 1 2|next|Messages ids 3")]
    [InlineData(RequestApi.Embeddings, """{"messages":[{"role":"u","content":"x"}]}""", "Messages ux")]
    public void Finish_EngineDialect_IsAcceptedWhereAskedFor(RequestApi api, string body, string expected)
    {
        ReaderRun run = ReaderRun.Of(api, body, 3, dialects: true);

        Assert.Null(run.Error);
        Assert.Equal(expected, string.Join('|', run.Prompt));
        Assert.NotNull(ReaderRun.Of(api, body).Error);
    }

    [Fact]
    public void Finish_CutAnywhere_YieldsWhatWasReadAndNoError()
    {
        for (int length = 0; length < Chat.Length; length++)
        {
            ReaderRun run = ReaderRun.Of(RequestApi.ChatCompletions, Chat[..length], 7, cut: true);

            Assert.Null(run.Error);
            Assert.Equal(length < Chat.IndexOf(", \"messages", StringComparison.Ordinal) ? "" : "llama-3", run.Request.Model);
        }
    }

    [Fact]
    public void Finish_CapturedRequests_AreAcceptedUnlessTheEngineRefusedThem()
    {
        Dictionary<string, RequestApi> paths = new()
        {
            ["/v1/chat/completions"] = RequestApi.ChatCompletions,
            ["/v1/completions"] = RequestApi.Completions,
            ["/v1/responses"] = RequestApi.Responses,
            ["/v1/messages"] = RequestApi.AnthropicMessages,
        };
        int read = 0;
        foreach (string file in Directory.GetFiles(Fixtures.Require("engines"), "*.request.http", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file);
            string path = text.Split(' ')[1];
            if (!paths.TryGetValue(path, out RequestApi api) || file.Contains("error-", StringComparison.Ordinal) || !text.StartsWith("POST", StringComparison.Ordinal))
            {
                continue;
            }

            string body = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
            using JsonDocument expected = JsonDocument.Parse(body);
            ReaderRun run = ReaderRun.Of(api, body, 16);
            Assert.True(run.Error is null, $"{file}: {run.Error?.Message}");
            Assert.Equal(expected.RootElement.GetProperty("model").GetString(), run.Request.Model);
            Assert.Equal(expected.RootElement.TryGetProperty("stream", out JsonElement stream) && stream.GetBoolean(), run.Request.Stream);
            read++;
        }

        Assert.True(read > 30, $"only {read} captures were read");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Finish_WarmReader_AllocatesNothing(bool withSink)
    {
        byte[] body = Encoding.UTF8.GetBytes(Chat.Replace("Be brief.", new string('x', 900), StringComparison.Ordinal));
        JsonRequestReader reader = new(new RequestReadingOptions(), new ModelNames());
        InferenceRequest request = new();
        CountingSink sink = new();
        Run();
        Run();

        Assert.Equal(0, Allocations.Least(Run));
        Assert.Equal(withSink, sink.Bytes > 0);

        void Run()
        {
            request.Reset();
            reader.Begin(RequestApi.ChatCompletions, request, withSink ? sink : null);
            reader.Append(body.AsSpan(0, 300));
            reader.Append(body.AsSpan(300));
            Assert.Null(reader.Finish(cut: false));
        }
    }

    private sealed class CountingSink : PromptSink
    {
        public long Bytes { get; private set; }

        public override void Text(PromptLane lane, ReadOnlySpan<byte> utf8) => Bytes += utf8.Length;

        public override void Tokens(PromptLane lane, ReadOnlySpan<uint> ids) => Bytes += ids.Length;

        public override void Media(PromptLane lane, ulong contentHash, int tokens) => Bytes += tokens;

        public override void Salt(ReadOnlySpan<byte> utf8) => Bytes += utf8.Length;

        public override void NextPrompt() => Bytes++;
    }
}
