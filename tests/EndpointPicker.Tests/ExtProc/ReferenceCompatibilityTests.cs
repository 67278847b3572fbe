using EndpointPicker.Core.RequestControl;
using EndpointPicker.ExtProc;
using EndpointPicker.LoadGenerator.Rules;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types;

namespace EndpointPicker.Tests.ExtProc;

public sealed class ReferenceCompatibilityTests
{
    [Fact]
    public async Task RequestHeaders_WithBody_EchoAllButSystemOwnedAndTellTheLength()
    {
        ExchangeDriver driver = Create(BodySendMode.None);
        ProcessingRequest headers = Messages.RequestHeaders(
            false, ("x-dup", "1"), ("x-dup", "2"), ("x-request-id", "id-1"), ("content-length", "2"), ("x-llm-d-inference-objective", "o"), ("x-gateway-destination-endpoint", "6.6.6.6:6"));

        await driver.SendAsync(headers.In(BodySendMode.FullDuplexStreamed));
        await driver.SendAsync(Messages.RequestBody("{}", end: true));

        CommonResponse common = driver.Answers[0].RequestHeaders.Response;
        Assert.True(common.ClearRouteCache);
        Assert.Empty(common.HeaderMutation.RemoveHeaders);
        Assert.Equal(
            [
                ("x-gateway-destination-endpoint", "10.0.0.7:8000"), ("Content-Length", "2"), (":method", "POST"), (":path", "/v1/completions"), ("x-dup", "2"), ("x-request-id", "id-1"),
            ],
            common.HeaderMutation.SetHeaders.Select(Pair));
    }

    [Fact]
    public async Task RequestHeaders_Alone_EchoOnlyAGeneratedRequestId()
    {
        ExchangeDriver driver = Create(BodySendMode.None);

        await driver.SendAsync(Messages.RequestHeaders(end: true, ("x-other", "1")).In(BodySendMode.FullDuplexStreamed));

        List<(string Name, string Value)> set = [.. driver.Answers[0].RequestHeaders.Response.HeaderMutation.SetHeaders.Select(Pair)];
        Assert.Equal(["x-gateway-destination-endpoint", "x-request-id"], set.Select(pair => pair.Name));
        Assert.True(Guid.TryParse(set[1].Value, out _));
    }

    [Fact]
    public async Task ResponseHeaders_AreEchoedWithTheMark()
    {
        ExchangeDriver driver = Create(BodySendMode.None);
        await driver.SendAsync(Messages.RequestHeaders(end: true).In(BodySendMode.FullDuplexStreamed));

        await driver.SendAsync(Messages.ResponseHeaders(false, ("content-type", "application/json"), ("content-length", "3")));

        Assert.Equal(
            [("x-went-into-resp-headers", "true"), (":status", "200"), ("content-type", "application/json")],
            driver.Answers[1].ResponseHeaders.Response.HeaderMutation.SetHeaders.Select(Pair));
    }

    [Theory]
    [InlineData("application/json", false)]
    [InlineData("text/event-stream", true)]
    public async Task ResponseBody_IsHeldToItsEndUnlessAnEventStream(string contentType, bool atOnce)
    {
        ExchangeDriver driver = Create(BodySendMode.FullDuplexStreamed);
        await driver.SendAsync(Messages.RequestHeaders(end: true).In(BodySendMode.FullDuplexStreamed, BodySendMode.FullDuplexStreamed));
        await driver.SendAsync(Messages.ResponseHeaders(false, ("content-type", contentType)));

        await driver.SendAsync(Messages.ResponseBody("abc"));
        Assert.Equal(atOnce ? 3 : 2, driver.Answers.Count);
        await driver.SendAsync(Messages.ResponseBody("", end: true));

        driver.Rules.Finish();
        Assert.Empty(driver.Rules.Violations);
        Assert.Equal(atOnce ? 4 : 3, driver.Answers.Count);
    }

    [Fact]
    public async Task Refusal_IsTheReferencesText()
    {
        ExchangeDriver driver = Create(BodySendMode.None);
        driver.Control.Schedule = (_, _) => ValueTask.FromResult(
            SchedulingResult.Refused(PickReason.Saturated, InferenceErrorCode.ResourceExhausted, "ours") with
            {
                ReferenceMessage = "no endpoints available for the given request",
                DroppedReason = "rejected-saturated",
            });

        await driver.SendAsync(Messages.RequestHeaders().In(BodySendMode.FullDuplexStreamed), Messages.RequestBody("{}", end: true));

        ImmediateResponse answer = driver.Rules.Immediate!;
        Assert.Equal(429, (int)answer.Status.Code);
        Assert.Equal("inference error: ResourceExhausted - no endpoints available for the given request", answer.Body.ToStringUtf8());
        Assert.Equal([("x-llm-d-request-dropped-reason", "rejected-saturated")], answer.Headers.SetHeaders.Select(Pair));
    }

    private static (string Name, string Value) Pair(HeaderValueOption option) => (option.Header.Key, option.Header.RawValue.ToStringUtf8());

    private static ExchangeDriver Create(BodySendMode response) =>
        new(new EnvoyRulesOptions { ResponseBodyMode = response }, new ExtProcOptions { Compatibility = WireCompatibility.Reference });
}
