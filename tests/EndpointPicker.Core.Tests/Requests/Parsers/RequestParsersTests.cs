using System.Text;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Parsers;
using Testing;

namespace EndpointPicker.Core.Tests.Requests.Parsers;

public sealed class RequestParsersTests
{
    [Theory]
    [InlineData("/v1/chat/completions", RequestApi.ChatCompletions, "openai-parser")]
    [InlineData("/v1/chat/completions/", RequestApi.ChatCompletions, "openai-parser")]
    [InlineData("/v1/chat/completions?a=/v1/messages", RequestApi.ChatCompletions, "openai-parser")]
    [InlineData("/v1/chat/completions/render", RequestApi.ChatCompletions, "openai-parser")]
    [InlineData("/v1/completions/render", RequestApi.Completions, "openai-parser")]
    [InlineData("/openai/deployments/x/completions", RequestApi.Completions, "openai-parser")]
    [InlineData("/xcompletions", RequestApi.Completions, "openai-parser")]
    [InlineData("/v1/embeddings", RequestApi.Embeddings, "openai-parser")]
    [InlineData("/v1/responses", RequestApi.Responses, "openai-parser")]
    [InlineData("/v1/conversations", RequestApi.Conversations, "openai-parser")]
    [InlineData("/v1/images/generations", RequestApi.ImageGenerations, "openai-parser")]
    [InlineData("/v1/messages", RequestApi.AnthropicMessages, "anthropic-parser")]
    [InlineData("/v1/messages/", RequestApi.AnthropicMessages, "anthropic-parser")]
    [InlineData("/v1/messages/count_tokens", RequestApi.AnthropicCountTokens, "anthropic-parser")]
    [InlineData("/inference/v1/generate", RequestApi.VllmGenerate, "vllmhttp-parser")]
    [InlineData("/generate", RequestApi.Passthrough, "passthrough-parser")]
    [InlineData("/v1/models", RequestApi.Passthrough, "passthrough-parser")]
    [InlineData("/health", RequestApi.Passthrough, "passthrough-parser")]
    [InlineData("/v1/responses/resp_1", RequestApi.Passthrough, "passthrough-parser")]
    public void Resolve_DefaultParsers_LongestSuffixWins(string path, RequestApi api, string parser)
    {
        RouteMatch match = RequestParsers.Default.Resolve(Headers((":path", path)));

        Assert.Null(match.Error);
        Assert.Equal(api, match.Route!.Api);
        Assert.Equal(parser, match.Route.Parser.Type);
    }

    [Theory]
    [InlineData("x-original-path", "/v1/messages", RequestApi.AnthropicMessages)]
    [InlineData("x-forwarded-path", "/v1/embeddings", RequestApi.Embeddings)]
    [InlineData("x-other", "/v1/embeddings", RequestApi.Completions)]
    public void Resolve_NoPseudoPath_OtherHeadersThenCompletions(string header, string path, RequestApi api) =>
        Assert.Equal(api, RequestParsers.Default.Resolve(Headers((header, path))).Route!.Api);

    [Theory]
    [InlineData("gzip", false)]
    [InlineData(" Identity ", true)]
    [InlineData("", true)]
    public void Resolve_EncodedBody_IsNotRead(string encoding, bool read)
    {
        RouteMatch match = RequestParsers.Default.Resolve(Headers((":path", "/v1/completions"), ("content-encoding", encoding)));

        Assert.Null(match.Error);
        Assert.Equal(read, match.ReadsBody);
    }

    [Fact]
    public void Resolve_ExplicitListWithoutFallback_RefusesOtherPaths()
    {
        RequestParsers parsers = new(new AnthropicParser(), new SglangHttpParser());

        Assert.Equal("no parser registered matching path suffix for: /v1/models", Refusal("/v1/models?x=1"));
        Assert.Equal("unsupported path: /x/generate", Refusal("/x/generate"));
        Assert.Equal(RequestApi.SglangGenerate, parsers.Resolve(Headers((":path", "/generate"))).Route!.Api);
        Assert.Equal(RequestApi.SglangGenerate, parsers.Resolve(Headers((":path", "generate"))).Route!.Api);

        string? Refusal(string path) => parsers.Resolve(Headers((":path", path))).Error?.ReferenceMessage;
    }

    [Fact]
    public void Ignored_SecondOfATypeAndBehindTheFallback_AreNamed()
    {
        OpenAiParser second = new();
        SglangHttpParser late = new();
        RequestParsers parsers = new(new OpenAiParser(), second, new PassthroughParser(), late);

        Assert.Equal([second, late], parsers.Ignored);
        Assert.Equal(RequestApi.Passthrough, parsers.Resolve(Headers((":path", "/generate"))).Route!.Api);
    }

    [Fact]
    public void Routes_CountTokensAndPassthrough_AreNeitherReadNorRewritten()
    {
        RequestRoute count = RequestParsers.Default.Resolve(Headers((":path", "/v1/messages/count_tokens"))).Route!;
        RequestRoute chat = RequestParsers.Default.Resolve(Headers((":path", "/v1/chat/completions"))).Route!;

        Assert.Equal((false, true, false), (count.ReadsBody, count.SkipsResponse, count.RewritesModel));
        Assert.Equal((true, false, true), (chat.ReadsBody, chat.SkipsResponse, chat.RewritesModel));
    }

    [Fact]
    public void Resolve_Warm_AllocatesNothing()
    {
        HeaderTable headers = Headers((":path", "/v1/chat/completions"), ("content-type", "application/json"));
        RequestParsers.Default.Resolve(headers);

        RouteMatch match = default;
        Assert.Equal(0, Allocations.Least(() => match = RequestParsers.Default.Resolve(headers)));
        Assert.True(match.ReadsBody);
    }

    private static HeaderTable Headers(params (string Name, string Value)[] lines)
    {
        HeaderTable headers = new();
        foreach ((string name, string value) in lines)
        {
            headers.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }

        return headers;
    }
}
