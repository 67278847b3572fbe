using System.Text;
using System.Text.Json;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Tests.Requests.Readers;

namespace EndpointPicker.Core.Tests.Requests;

public sealed class ModelReplacementTests
{
    [Theory]
    [InlineData("""{"model":"a", "messages":[{}]}""", "longer-name", """{"model":"longer-name", "messages":[{}]}""")]
    [InlineData("""{"messages":[{}],"model" : "aaaaaaa"}""", "b", """{"messages":[{}],"model" : "b"}""")]
    [InlineData("""{"model":null,"messages":[{}]}""", "q\"é", """{"model":"q\"é","messages":[{}]}""")]
    [InlineData(""" { "messages":[{}]}""", "b", """ {"model":"b", "messages":[{}]}""")]
    public void Begin_BodyThatWasRead_ReplacesTheModelAlone(string body, string model, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        ReaderRun run = ReaderRun.Of(RequestApi.ChatCompletions, body);
        ModelReplacement replacement = new();

        Assert.True(replacement.Begin(run.Request, model));

        byte[] rewritten = [.. bytes[..replacement.Place.Start], .. replacement.Text, .. bytes[replacement.Place.End..]];
        Assert.Equal(expected, Encoding.UTF8.GetString(rewritten));
        using JsonDocument document = JsonDocument.Parse(rewritten);
        Assert.Equal(model, document.RootElement.GetProperty("model").GetString());
    }

    [Fact]
    public void Begin_RequestWithoutAReadBody_HasNoPlace() => Assert.False(new ModelReplacement().Begin(new InferenceRequest(), "m"));
}
