using System.Text;
using System.Text.Json;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.ExtProc;
using EndpointPicker.LoadGenerator.Rules;
using EndpointPicker.Tests.Board;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types;

namespace EndpointPicker.Tests.ExtProc;

/// <summary>A rewrite of the cluster's on its whole way, by the real decision, in every body mode.</summary>
public sealed class ModelRewriteTests : IDisposable
{
    private const string Body = """{"prompt":"base","model":"base"}""";

    private readonly ExplainFixture _fixture = new();

    public ModelRewriteTests() => _fixture.Rules.ReplaceRewrites(
    [
        new ModelRewrite("canary", ["base"], [new ModelRewriteTarget("base-v2", 100)]),
        new ModelRewrite("same", ["kept"], [new ModelRewriteTarget("kept", null)]),
        new ModelRewrite("all", [], [new ModelRewriteTarget("any", null)]),
    ]);

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(BodySendMode.Buffered)]
    [InlineData(BodySendMode.BufferedPartial)]
    [InlineData(BodySendMode.FullDuplexStreamed)]
    public async Task Request_BodyThatCanBeChanged_IsRewrittenAndItsAnswerRestored(BodySendMode mode)
    {
        ExchangeDriver driver = Create(mode);
        await RequestAsync(driver, mode, Body, cut: false);
        await driver.SendAsync(Messages.ResponseHeaders(false, ("content-length", "21")));
        await driver.SendAsync(Messages.ResponseBody("""{"model": "base-v2"}""", end: true));

        driver.Rules.Finish();
        Assert.Empty(driver.Rules.Violations);
        Assert.Equal("""{"prompt":"base","model":"base-v2"}""", Encoding.UTF8.GetString(driver.Rules.RequestBodySentBack));
        Assert.Equal("""{"model": "base"}""", Encoding.UTF8.GetString(driver.Rules.ResponseBodySentBack));
        JsonElement decision = (await _fixture.DecisionsAsync())[0];
        Assert.Equal(("base", "base-v2", "canary"), (Text(decision, "model"), Text(decision, "targetModel"), Text(decision, "rewrite")));
    }

    [Theory]
    [InlineData("""{"prompt":"x"}""", """{"model":"any","prompt":"x"}""")]
    [InlineData("""{"model":null,"prompt":"x"}""", """{"model":"any","prompt":"x"}""")]
    [InlineData("""{"prompt" : "x", "model" : "kept"}""", """{"prompt" : "x", "model" : "kept"}""")]
    public async Task FullDuplex_ModelMissingOrKept_IsPutInOrPassesByteForByte(string body, string expected)
    {
        ExchangeDriver driver = Create(BodySendMode.FullDuplexStreamed);
        await RequestAsync(driver, BodySendMode.FullDuplexStreamed, body, cut: false);

        Assert.Empty(driver.Rules.Violations);
        Assert.Equal(expected, Encoding.UTF8.GetString(driver.Rules.RequestBodySentBack));
    }

    [Theory]
    [InlineData("""{"model":"base","prompt":"x""", """{"model":"base-v2","prompt":"x""", "base-v2")]
    [InlineData("""{"prompt":"x""", null, "")]
    public async Task BufferedPartial_BodyWasCut_IsRewrittenWhereTheModelWasSeen(string body, string? expected, string target)
    {
        ExchangeDriver driver = Create(BodySendMode.BufferedPartial);
        await RequestAsync(driver, BodySendMode.BufferedPartial, body, cut: true);

        Assert.Empty(driver.Rules.Violations);
        Assert.Equal(expected, driver.Answers[^1].RequestBody.Response.BodyMutation?.Body.ToStringUtf8());
        JsonElement decision = (await _fixture.DecisionsAsync())[0];
        Assert.Equal((target, expected is null), (Text(decision, "targetModel"), decision.GetProperty("rewritesSkipped").GetBoolean()));
    }

    [Theory]
    [InlineData(BodySendMode.None)]
    [InlineData(BodySendMode.Streamed)]
    [InlineData(BodySendMode.Grpc)]
    public async Task Request_BodyThatIsNotSeenInTime_ClaimsNoOtherModel(BodySendMode mode)
    {
        ExchangeDriver driver = Create(mode);
        await driver.SendAsync(Messages.RequestHeaders().In(mode, mode));
        if (mode != BodySendMode.None)
        {
            await driver.SendAsync(Messages.RequestBody(Body, end: true));
        }

        Assert.Empty(driver.Rules.Violations);
        Assert.All(driver.Answers, answer => Assert.DoesNotContain("base-v2", answer.ToString(), StringComparison.Ordinal));
        JsonElement decision = (await _fixture.DecisionsAsync())[0];
        Assert.Equal(("", ""), (Text(decision, "targetModel"), Text(decision, "rewrite")));
        Assert.True(decision.GetProperty("rewritesSkipped").GetBoolean());
        Assert.Contains("no model rewrite applied", Text(decision, "why"), StringComparison.Ordinal);
    }

    private static string Text(JsonElement decision, string field) => decision.GetProperty(field).ToString();

    private static async Task RequestAsync(ExchangeDriver driver, BodySendMode mode, string body, bool cut)
    {
        string length = Encoding.UTF8.GetByteCount(body).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await driver.SendAsync(Messages.RequestHeaders(false, ("content-length", length)).In(mode, mode));
        await driver.SendAsync(Messages.RequestBody(body, end: !cut));
    }

    private ExchangeDriver Create(BodySendMode mode) => new(
        new EnvoyRulesOptions { RequestBodyMode = mode, ResponseBodyMode = mode, AllowRewrittenBodies = true }, control: new DirectedRequestControl(_fixture.Pools));
}
