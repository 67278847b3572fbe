using System.Net;
using System.Text;
using EndpointPicker.LoadGenerator.Gateway;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Envoy.Type.V3;
using Google.Protobuf;
using Testing;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;
using Case = Envoy.Service.ExtProc.V3.ProcessingRequest.RequestOneofCase;

namespace EndpointPicker.LoadGenerator.Tests.Gateway;

public sealed class EnvoyGatewayTests : IAsyncLifetime
{
    private const string Destination = "x-gateway-destination-endpoint";

    private ScriptedProcessor _processor = null!;
    private EchoUpstream _first = null!;
    private EchoUpstream _second = null!;
    private EnvoyGateway? _gateway;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _processor = await ScriptedProcessor.StartAsync();
        _first = await EchoUpstream.StartAsync();
        _second = await EchoUpstream.StartAsync();
        _client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        await _processor.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Theory]
    [InlineData(BodyMode.None)]
    [InlineData(BodyMode.Buffered)]
    [InlineData(BodyMode.BufferedPartial)]
    [InlineData(BodyMode.Streamed)]
    [InlineData(BodyMode.FullDuplexStreamed)]
    public async Task Post_AnyMode_GoesToThePickUnharmed(BodyMode mode)
    {
        await StartAsync(options => options with { RequestBodyMode = mode, Strict = true });
        _processor.Script = message => ScriptedProcessor.PassThrough(message, _second.Endpoint, (BodySendMode)mode);
        byte[] body = new byte[900_000];
        new Random(3).NextBytes(body);

        using HttpResponseMessage response = await PostAsync("/v1/completions?x=%2F..", new ByteArrayContent(body));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(_first.Seen);
        (string method, string path, _, int length, string digest) = Assert.Single(_second.Seen);
        Assert.Equal(("POST", "/v1/completions?x=%2F..", body.Length, EchoUpstream.DigestOf(body)), (method, path, length, digest));
    }

    [Fact]
    public async Task Post_MetadataAndHeaderDiffer_MetadataWins()
    {
        await StartAsync(options => options with { RequestBodyMode = BodyMode.None });
        _processor.Script = message =>
        {
            ProcessingResponse answer = ScriptedProcessor.Headers(_first.Endpoint);
            answer.DynamicMetadata = ScriptedProcessor.LoadBalancing(_second.Endpoint);
            return message.RequestCase == Case.RequestHeaders ? [answer] : ScriptedProcessor.PassThrough(message, null);
        };

        using HttpResponseMessage response = await PostAsync("/");

        Assert.Single(_second.Seen);
    }

    [Fact]
    public async Task Post_ForgedDestination_IsStripped()
    {
        await StartAsync(options => options with { Destination = DestinationSource.OriginalDestination });
        _processor.Script = message => ScriptedProcessor.PassThrough(message, null, BodySendMode.FullDuplexStreamed);
        using var request = new HttpRequestMessage(HttpMethod.Get, _gateway!.Address);
        request.Headers.Add(Destination, _first.Endpoint);

        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken).DefaultTimeout();

        Assert.Equal("no healthy upstream", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.DoesNotContain(_processor.Received.First().RequestHeaders.Headers.Headers, header => header.Key == Destination);
        Assert.Empty(_first.Seen);
    }

    [Fact]
    public async Task Post_FirstOfTheListIsDown_TheSecondServes()
    {
        await StartAsync(options => options with { Endpoints = ["127.0.0.1:1", _second.Endpoint, _first.Endpoint] });
        _processor.Script = message => ScriptedProcessor.PassThrough(message, $"127.0.0.1:1, {_second.Endpoint}", BodySendMode.FullDuplexStreamed);
        byte[] body = Encoding.ASCII.GetBytes(new string('x', 5000));

        using HttpResponseMessage response = await PostAsync("/", new ByteArrayContent(body));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(EchoUpstream.DigestOf(body), Assert.Single(_second.Seen).Digest);
    }

    [Fact]
    public async Task Post_HostAnswers503_TheNextOfTheListIsTried()
    {
        _first.Status = 503;
        await StartAsync();
        _processor.Script = message => ScriptedProcessor.PassThrough(message, $"{_first.Endpoint},{_second.Endpoint}", BodySendMode.FullDuplexStreamed);

        using HttpResponseMessage response = await PostAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(_first.Seen);
        Assert.Single(_second.Seen);
        ProcessingRequest shown = _processor.Received.Single(message => message.RequestCase == Case.ResponseHeaders);
        Assert.Equal(2, shown.Attributes["envoy.filters.http.ext_proc"].Fields["upstream.request_attempt_count"].NumberValue);
        Assert.Equal(_second.Endpoint, shown.MetadataContext.FilterMetadata["envoy.lb"].Fields[Destination + "-served"].StringValue);
    }

    [Fact]
    public async Task Post_BodyOutgrowsTheRetryBuffer_IsNotTriedAgain()
    {
        _first.Status = 503;
        await StartAsync(options => options with { BufferLimit = 1000 });
        _processor.Script = message => ScriptedProcessor.PassThrough(message, $"{_first.Endpoint},{_second.Endpoint}", BodySendMode.FullDuplexStreamed);

        using HttpResponseMessage response = await PostAsync("/", new ByteArrayContent(new byte[5000]));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(5000, Assert.Single(_first.Seen).Length);
        Assert.Empty(_second.Seen);
    }

    [Fact]
    public async Task Post_OriginalDestinationGetsAList_NoHealthyUpstream()
    {
        await StartAsync(options => options with { Destination = DestinationSource.OriginalDestination });
        _processor.Script = message => ScriptedProcessor.PassThrough(message, $"{_first.Endpoint},{_second.Endpoint}", BodySendMode.FullDuplexStreamed);

        using HttpResponseMessage response = await PostAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("no healthy upstream", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Post_HeaderMutations_OnlyAllowedOnesInRawValueCount()
    {
        await StartAsync();
        _processor.Script = message =>
        {
            ProcessingResponse answer = ScriptedProcessor.Headers(_first.Endpoint, ("x-added", "1"), (":method", "PUT"), ("x-envoy-foo", "1"), (":path", "/other"));
            answer.RequestHeaders.Response.HeaderMutation.SetHeaders.Add(new HeaderValueOption { Header = new HeaderValue { Key = "x-plain", Value = "lost" } });
            answer.RequestHeaders.Response.HeaderMutation.RemoveHeaders.Add("x-secret");
            return message.RequestCase == Case.RequestHeaders ? [answer] : ScriptedProcessor.PassThrough(message, null, BodySendMode.FullDuplexStreamed);
        };

        using var content = new StringContent("{}");
        content.Headers.Add("x-secret", "s");
        using HttpResponseMessage response = await PostAsync("/", content);

        (string method, string path, Microsoft.AspNetCore.Http.IHeaderDictionary headers, _, _) = Assert.Single(_first.Seen);
        Assert.Equal(("POST", "/other", "1", ""), (method, path, headers["x-added"].ToString(), headers["x-plain"].ToString()));
        Assert.False(headers.ContainsKey("x-secret"));
        Assert.False(headers.ContainsKey("x-envoy-foo"));
        Assert.True(headers.ContainsKey("x-plain"));
    }

    [Theory]
    [InlineData(false, HttpStatusCode.OK)]
    [InlineData(true, HttpStatusCode.InternalServerError)]
    public async Task Get_BreachThatEnvoyIgnores_IsOnRecordAndEndsAStrictRequest(bool strict, HttpStatusCode expected)
    {
        await StartAsync(options => options with { Strict = strict });
        var record = new TaskCompletionSource<GatewayRecord>(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway!.Finished += finished => record.TrySetResult(finished);
        _processor.Script = message =>
        {
            ProcessingResponse answer = ScriptedProcessor.Headers(_first.Endpoint);
            answer.RequestHeaders.Response.HeaderMutation.SetHeaders.Add(new HeaderValueOption
            {
                Header = new HeaderValue { Key = "x-plain", Value = "lost" },
                AppendAction = HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd,
            });
            return message.RequestCase == Case.RequestHeaders ? [answer] : ScriptedProcessor.PassThrough(message, null);
        };

        using HttpResponseMessage response = await _client.GetAsync(_gateway.Address, TestContext.Current.CancellationToken).DefaultTimeout();

        Assert.Equal(expected, response.StatusCode);
        Assert.Contains("x-plain", Assert.Single((await record.Task.DefaultTimeout()).Violations), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BodyMode.Buffered)]
    [InlineData(BodyMode.FullDuplexStreamed)]
    public async Task Post_ImmediateResponse_IsTheAnswer(BodyMode mode)
    {
        await StartAsync(options => options with { RequestBodyMode = mode });
        _processor.Script = message => message.RequestCase == Case.RequestBody
            ? [new ProcessingResponse
            {
                ImmediateResponse = new ImmediateResponse
                {
                    Status = new HttpStatus { Code = StatusCode.TooManyRequests },
                    Body = ByteString.CopyFromUtf8("{}"),
                    Headers = ScriptedProcessor.Headers(null, ("retry-after", "3"), ("content-type", "application/json")).RequestHeaders.Response.HeaderMutation,
                },
            }]
            : mode == BodyMode.Buffered ? [ScriptedProcessor.Headers(null)] : [];

        using HttpResponseMessage response = await PostAsync("/");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("3", response.Headers.GetValues("retry-after").Single());
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("{}", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(_first.Seen);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.InternalServerError)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task Get_BodyAnswerToHeaders_IsSpurious(bool failOpen, HttpStatusCode expected)
    {
        await StartAsync(options => options with { FailureModeAllow = failOpen });
        _processor.Script = _ => [new ProcessingResponse { RequestBody = new BodyResponse { Response = new CommonResponse() } }];

        using HttpResponseMessage response = await _client.GetAsync(_gateway!.Address, TestContext.Current.CancellationToken).DefaultTimeout();

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Post_DuplexBodyAnswerWithoutStreamedResponse_IsSpuriousEvenFailOpen()
    {
        await StartAsync(options => options with { FailureModeAllow = true });
        _processor.Script = message => ScriptedProcessor.PassThrough(message, _first.Endpoint, BodySendMode.Buffered);

        using HttpResponseMessage response = await PostAsync("/");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Fact]
    public async Task Post_BufferedBodyReplacedWithAnotherLength_IsRefused()
    {
        await StartAsync(options => options with { RequestBodyMode = BodyMode.Buffered });
        _processor.Script = message => message.RequestCase == Case.RequestBody
            ? [new ProcessingResponse { RequestBody = new BodyResponse { Response = new CommonResponse { BodyMutation = new BodyMutation { Body = ByteString.CopyFromUtf8("longer than before") } } } }]
            : ScriptedProcessor.PassThrough(message, _first.Endpoint);

        using HttpResponseMessage response = await PostAsync("/");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(_first.Seen);
    }

    [Fact]
    public async Task Post_BeyondTheBuffer_413()
    {
        await StartAsync(options => options with { RequestBodyMode = BodyMode.Buffered, BufferLimit = 1000 });
        _processor.Script = message => ScriptedProcessor.PassThrough(message, _first.Endpoint);

        using HttpResponseMessage response = await PostAsync("/", new ByteArrayContent(new byte[5000]));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.InternalServerError)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task Get_PickerIsDown_FailsAsConfigured(bool failOpen, HttpStatusCode expected)
    {
        await StartAsync(options => options with { Processor = new Uri("http://127.0.0.1:1"), FailureModeAllow = failOpen });

        using HttpResponseMessage response = await _client.GetAsync(_gateway!.Address, TestContext.Current.CancellationToken).DefaultTimeout();

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Get_NoAnswerInTime_504()
    {
        await StartAsync(options => options with { RequestBodyMode = BodyMode.Buffered, MessageTimeout = TimeSpan.FromMilliseconds(1) });
        _processor.Script = _ => [];

        using HttpResponseMessage response = await _client.GetAsync(_gateway!.Address, TestContext.Current.CancellationToken).DefaultTimeout();

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
    }

    [Fact]
    public async Task Get_PickerEndsWithOk_TheRestGoesOnWithoutIt()
    {
        await StartAsync();
        _processor.Script = _ => null;

        using HttpResponseMessage response = await _client.GetAsync(_gateway!.Address, TestContext.Current.CancellationToken).DefaultTimeout();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(await _processor.StreamOver.Task.DefaultTimeout());
    }

    [Fact]
    public async Task Post_TheExchangeIsOver_TheStreamIsReset()
    {
        await StartAsync();
        _processor.Script = message => ScriptedProcessor.PassThrough(message, _first.Endpoint, BodySendMode.FullDuplexStreamed);

        using HttpResponseMessage response = await PostAsync("/");

        Assert.True(await _processor.StreamOver.Task.DefaultTimeout());
    }

    [Fact]
    public async Task Post_ClientLeaves_TheUpstreamAndThePickerSeeIt()
    {
        await StartAsync();
        _processor.Script = message => ScriptedProcessor.PassThrough(message, _first.Endpoint, BodySendMode.FullDuplexStreamed);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var content = new StringContent("{}");
        Task<HttpResponseMessage> request = _client.PostAsync(new Uri(_gateway!.Address, "/held"), content, leaving.Token);
        await _first.Entered.WaitAsync(TestContext.Current.CancellationToken).DefaultTimeout();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await _first.Aborted.Task.DefaultTimeout();
        Assert.True(await _processor.StreamOver.Task.DefaultTimeout());
    }

    [Fact]
    public async Task Post_TutorialBreaker_TheSecondGets503WithEnvoysBytes()
    {
        await StartAsync(options => options with { Endpoints = [_first.Endpoint], Breaker = new BreakerLimits { MaxRequests = 1, MaxPendingRequests = 1 } });
        _processor.Script = message => ScriptedProcessor.PassThrough(message, _first.Endpoint, BodySendMode.FullDuplexStreamed);
        Task<HttpResponseMessage> held = PostAsync("/held");
        await _first.Entered.WaitAsync(TestContext.Current.CancellationToken).DefaultTimeout();

        using HttpResponseMessage refused = await PostAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("true", refused.Headers.GetValues("x-envoy-overloaded").Single());
        Assert.Equal(81, refused.Content.Headers.ContentLength);
        Assert.Equal(
            "upstream connect error or disconnect/reset before headers. reset reason: overflow",
            await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        _first.Hold.TrySetResult();
        using HttpResponseMessage served = await held.DefaultTimeout();
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Post_NoProcessor_GoesRoundTheEndpoints()
    {
        await StartAsync(options => options with { Processor = null });
        byte[] body = new byte[300_000];
        new Random(4).NextBytes(body);
        for (int i = 0; i < 4; i++)
        {
            using HttpResponseMessage response = await PostAsync("/", new ByteArrayContent(body));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        using HttpResponseMessage empty = await _client.GetAsync(new Uri(_gateway!.Address, "/"), TestContext.Current.CancellationToken).DefaultTimeout();
        Assert.Equal(HttpStatusCode.OK, empty.StatusCode);
        string digest = EchoUpstream.DigestOf(body);
        Assert.Equal(2, _first.Seen.Count(request => request.Digest == digest));
        Assert.Equal(2, _second.Seen.Count(request => request.Digest == digest));
        Assert.Empty(_processor.Received);
    }

    private async Task StartAsync(Func<GatewayOptions, GatewayOptions>? change = null)
    {
        // Longer than usual: the machine is shared by many test processes.
        var options = new GatewayOptions { Processor = _processor.Address, Endpoints = [_first.Endpoint, _second.Endpoint], MessageTimeout = TimeSpan.FromMinutes(1) };
        _gateway = await EnvoyGateway.StartAsync(change is null ? options : change(options));
    }

    private Task<HttpResponseMessage> PostAsync(string path, HttpContent? content = null) =>
        _client.PostAsync(new Uri(_gateway!.Address, path), content ?? new StringContent("{}"), TestContext.Current.CancellationToken).DefaultTimeout();
}
