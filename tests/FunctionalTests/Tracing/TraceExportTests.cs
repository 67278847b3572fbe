using System.Text.Json;
using EndpointPicker.LoadGenerator.Client;
using EndpointPicker.LoadGenerator.Gateway;
using Envoy.Service.ExtProc.V3;
using FunctionalTests.Harness;
using FunctionalTests.Process;
using Google.Protobuf.Collections;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;
using Testing;
using static FunctionalTests.Tracing.TraceSink;

namespace FunctionalTests.Tracing;

/// <summary>What a collector gets of requests, read by the standard's messages, and what a collector that fails does to them.</summary>
public sealed class TraceExportTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string CallerSpan = "b7ad6b7169203331";
    private const string Traced = $"00-{TraceId}-{CallerSpan}-01";
    private const string NotTraced = $"00-{TraceId}-{CallerSpan}-00";

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Collector_OfEitherProtocol_GetsTheSpansOfARequest(string protocol)
    {
        await using TraceSink sink = await TraceSink.StartAsync();
        bool grpc = protocol == "grpc";
        await using EppProcess epp = await StartAsync(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{(grpc ? sink.GrpcPort : sink.HttpPort)}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment=test",
        });
        string? sent = await PickAsync(epp, ("traceparent", Traced), ("tracestate", "vendor=1"), ("x-request-id", "r-1"));
        await UntilExportedAsync(sink);

        Span request = One(sink, "gateway.request");
        Assert.Equal((TraceId, CallerSpan, "vendor=1"), (Hex(request.TraceId), Hex(request.ParentSpanId), request.TraceState));
        Assert.Equal(Span.Types.SpanKind.Server, request.Kind);
        Assert.Equal(1u, request.Flags & 0xFF);
        Assert.Equal(("m", "r-1"), (Attribute(request.Attributes, "gen_ai.request.model"), Attribute(request.Attributes, "gen_ai.request.id")));
        Assert.Equal($"00-{TraceId}-{Hex(request.SpanId)}-01", sent);
        Assert.True(request.EndTimeUnixNano > request.StartTimeUnixNano);

        Span decision = Below(sink, request, "gateway.request_orchestration");
        Assert.Equal(("m", 0L), (Attribute(decision.Attributes, "target_model"), Attribute(decision.Attributes, "request_prio")));
        Span profile = Below(sink, decision, "run_scheduler_profile");
        Assert.Equal("default", Attribute(profile.Attributes, "llm_d.epp.scheduling.profile.name"));
        Span filtering = Below(sink, profile, "filter_endpoints");
        Assert.Equal((2L, 2L), (Attribute(filtering.Attributes, "llm_d.epp.filter.candidate_endpoints"), Attribute(filtering.Attributes, "llm_d.epp.filter.filtered_endpoints")));
        Span scoring = Below(sink, profile, "llm_d.epp.scoring");
        Assert.Equal(4L, Attribute(scoring.Attributes, "llm_d.epp.scorer.count"));
        Span scorer = Below(sink, scoring, "llm_d.epp.scorer.queue-scorer");
        Assert.Equal(("queue-scorer", 2.0), (Attribute(scorer.Attributes, "llm_d.epp.scorer.type"), Attribute(scorer.Attributes, "llm_d.epp.scorer.weight")));
        Span picking = Below(sink, profile, "pick_endpoints");
        Assert.Equal(["default/server-1", "default/server-2"], ((object?[])Attribute(picking.Attributes, "llm_d.epp.picker.top_endpoints")!).Order());

        RepeatedField<KeyValue> resource = sink.Received.First().Resource.Attributes;
        Assert.Equal(("llm-d-epp", "test"), (Attribute(resource, "service.name"), Attribute(resource, "deployment.environment")));
        Assert.NotNull(Attribute(resource, "service.version"));
        InstrumentationScope scope = sink.Received.First().ScopeSpans.Single().Scope;
        Assert.Equal("llm-d-router/pkg/epp/handlers", scope.Name);
        Assert.NotNull(Attribute(scope.Attributes, "commit-sha"));
        Assert.All(sink.Paths, path => Assert.Equal(grpc ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export" : "/v1/traces", path));
    }

    [Fact]
    public async Task Variables_OfTracesAlone_HoldAgainstThoseOfAllSignals()
    {
        await using TraceSink sink = await TraceSink.StartAsync();
        await using EppProcess epp = await StartAsync(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"http://127.0.0.1:{sink.HttpPort}/elsewhere",
            ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = "llm-d-router/epp",
        });
        await PickAsync(epp, ("traceparent", Traced));
        await Polling.UntilAsync(() => Task.FromResult(!sink.Received.IsEmpty));
        Assert.All(sink.Paths, path => Assert.Equal("/elsewhere", path));
        Assert.Equal("llm-d-router/epp", Attribute(sink.Received.First().Resource.Attributes, "service.name"));
    }

    /// <summary>A share of 0: what the caller does not trace is not traced, and the client's header passes untouched.</summary>
    [Fact]
    public async Task Share_Zero_OnlyTheCallersTracesAreExported()
    {
        await using TraceSink sink = await TraceSink.StartAsync();
        await using (EppProcess epp = await StartAsync(Http(sink, share: "0")))
        {
            Assert.Null(await PickAsync(epp));
            Assert.Null(await PickAsync(epp, ("traceparent", NotTraced)));
            Assert.NotNull(await PickAsync(epp, ("traceparent", Traced)));
            await UntilExportedAsync(sink);
            epp.Process.Terminate();
            Assert.Equal(0, await epp.Process.Exited.DefaultTimeout());
        }

        Assert.Single(sink.Spans, span => span.Name == "gateway.request");
    }

    /// <summary>What is not exported yet when the process is asked to stop still is.</summary>
    [Fact]
    public async Task Stop_SpansWaiting_AreExportedBefore()
    {
        await using TraceSink sink = await TraceSink.StartAsync();
        Dictionary<string, string> variables = Http(sink, share: "1");
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "3600000";
        await using EppProcess epp = await StartAsync(variables);
        await PickAsync(epp);
        Assert.Empty(sink.Spans);
        epp.Process.Terminate();
        Assert.Equal(0, await epp.Process.Exited.DefaultTimeout());
        Assert.Single(sink.Spans, span => span.Name == "gateway.request" && span.ParentSpanId.IsEmpty);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Collector_SilentOrAway_NeitherPickNorStopWaits(bool listens)
    {
        await using TraceSink sink = await TraceSink.StartAsync(answers: false);
        await using EppProcess epp = await StartAsync(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{(listens ? sink.HttpPort : 1)}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "600000",
            ["OTEL_TRACES_SAMPLER_ARG"] = "1",
        });
        for (int i = 0; i < 50; i++)
        {
            Assert.NotNull(await PickAsync(epp));
        }

        // The exporter would wait ten minutes for the collector; the stop gives it 2 s.
        epp.Process.Terminate();
        Assert.Equal(0, await epp.Process.Exited.DefaultTimeout());
        Assert.DoesNotContain("\"level\":\"error\"", epp.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_Refused_IsAnErrorInItsTrace()
    {
        await using TraceSink sink = await TraceSink.StartAsync();
        await using EppProcess epp = await StartAsync(Http(sink, share: "1"), "--max-request-body-size=10");
        using ExtProcClient client = new(new Uri($"http://127.0.0.1:{epp.GrpcPort}"));
        await using ExtProcStream stream = client.Open(TestContext.Current.CancellationToken);
        Assert.True(await stream.SendAsync(ExtProcMessages.Headers(body: true)));
        Assert.True(await stream.SendAsync(ExtProcMessages.Body("""{"model":"m","prompt":"p"}""")));
        ProcessingResponse? answer = await stream.ReadAsync().DefaultTimeout();
        Assert.Equal(413, (int)answer!.ImmediateResponse.Status.Code);
        await UntilExportedAsync(sink);
        Status status = One(sink, "gateway.request").Status;
        Assert.Equal((Status.Types.StatusCode.Error, "the request body is larger than 10 bytes"), (status.Code, status.Message));
    }

    [Fact]
    public async Task Tracing_NotConfigured_AddsNoHeader()
    {
        await using EppProcess epp = await StartAsync([]);
        Assert.Null(await PickAsync(epp, ("traceparent", Traced)));
    }

    [Fact]
    public async Task Tracing_FlagOff_ExportsNothing()
    {
        await using TraceSink sink = await TraceSink.StartAsync();
        await using EppProcess epp = await StartAsync(Http(sink, share: "1"), "--tracing=false");
        Assert.Null(await PickAsync(epp, ("traceparent", Traced)));
    }

    [Fact]
    public async Task Console_Asked_SpansAreLinesOfTheLog()
    {
        await using EppProcess epp = await StartAsync(new() { ["OTEL_TRACES_EXPORTER"] = "console" });
        await PickAsync(epp, ("traceparent", Traced));
        string line = await epp.Process.WaitForLineAsync(text => text.Contains("\"span\":\"pick_endpoints\"", StringComparison.Ordinal));
        using JsonDocument document = JsonDocument.Parse(line);
        Assert.Equal(TraceId, document.RootElement.GetProperty("traceId").GetString());
        JsonElement attributes = document.RootElement.GetProperty("attributes");
        Assert.Equal(2, attributes.GetProperty("llm_d.epp.picker.candidate_endpoints").GetInt32());
        Assert.Equal(2, attributes.GetProperty("llm_d.epp.picker.top_scores").GetArrayLength());
    }

    [Fact]
    public async Task ModelServer_BehindEnvoy_ContinuesTheTrace()
    {
        Tools.RequireEnvoy();
        await using TraceSink sink = await TraceSink.StartAsync();
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost, new EppSettings { Environment = Http(sink, share: "0") });
        await AssertContinuesAsync(chain, sink);
    }

    [Theory]
    [InlineData(BodyMode.FullDuplexStreamed)]
    [InlineData(BodyMode.Buffered)]
    [InlineData(BodyMode.Streamed)]
    [InlineData(BodyMode.None)]
    public async Task ModelServer_BehindTheGateway_ContinuesTheTrace(BodyMode mode)
    {
        await using TraceSink sink = await TraceSink.StartAsync();
        await using GatewayChain chain = await GatewayChain.StartAsync(
            options => options with { RequestBodyMode = mode }, settings: new EppSettings { Environment = Http(sink, share: "0") });
        await AssertContinuesAsync(chain, sink);
    }

    private static async Task AssertContinuesAsync(IChain chain, TraceSink sink)
    {
        using Completions client = new(chain.Port);
        (int status, string body, _) = await client.SendAsync(headers: headers =>
        {
            headers.Add("traceparent", Traced);
            headers.Add("tracestate", "vendor=1");
        });
        Assert.True(status == 200, $"{status} {body} {chain.Log}");
        await UntilExportedAsync(sink);
        ReceivedRequest received = Assert.Single(chain.Servers.SelectMany(server => server.Received));
        Assert.Equal($"00-{TraceId}-{Hex(One(sink, "gateway.request").SpanId)}-01", received.Headers["traceparent"]);
        Assert.Equal("vendor=1", received.Headers["tracestate"]);
    }

    private static Dictionary<string, string> Http(TraceSink sink, string share) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{sink.HttpPort}",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_TRACES_SAMPLER_ARG"] = share,
        ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
    };

    private static Task<EppProcess> StartAsync(Dictionary<string, string> variables, params string[] flags)
    {
        variables.TryAdd("OTEL_BSP_SCHEDULE_DELAY", "50");
        return EppProcess.StartAsync([8000, 8001], new EppSettings { Environment = variables, Flags = ["--drain-timeout=0s", .. flags] });
    }

    /// <summary>Asks for a pick.</summary>
    /// <returns>The trace with which the request goes on; null where it goes on as it came.</returns>
    private static async Task<string?> PickAsync(EppProcess epp, params (string Name, string Value)[] headers)
    {
        using ExtProcClient client = new(new Uri($"http://127.0.0.1:{epp.GrpcPort}"));
        await using ExtProcStream stream = client.Open(TestContext.Current.CancellationToken);
        Assert.True(await stream.SendAsync(ExtProcMessages.Headers(body: true, headers)));
        Assert.True(await stream.SendAsync(ExtProcMessages.Body("""{"model":"m","prompt":"p"}""")));
        ProcessingResponse? answer = await stream.ReadAsync().DefaultTimeout();
        Assert.True(answer is not null, stream.Status.ToString());
        stream.CompleteSending();
        while (await stream.ReadAsync().DefaultTimeout() is not null)
        {
            // The body comes back.
        }

        return answer.RequestHeaders.Response.HeaderMutation.SetHeaders.SingleOrDefault(set => set.Header.Key == "traceparent")?.Header.RawValue.ToStringUtf8();
    }

    // The span of the request itself ends last: what it consists of has come by then.
    private static Task UntilExportedAsync(TraceSink sink) => Polling.UntilAsync(() => Task.FromResult(sink.Spans.Any(span => span.Name == "gateway.request")));

    private static Span One(TraceSink sink, string name) => Assert.Single(sink.Spans, span => span.Name == name);

    private static Span Below(TraceSink sink, Span parent, string name)
    {
        Span span = One(sink, name);
        Assert.Equal((Hex(parent.TraceId), Hex(parent.SpanId)), (Hex(span.TraceId), Hex(span.ParentSpanId)));
        return span;
    }
}
