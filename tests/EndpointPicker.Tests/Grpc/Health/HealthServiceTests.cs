using EndpointPicker.Grpc.Health;
using global::Grpc.Health.V1;
using Google.Protobuf;
using Testing;
using Reported = global::Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace EndpointPicker.Tests.Grpc.Health;

public sealed class HealthServiceTests
{
    private readonly HealthState _state = new(new HealthNames(knownOnly: false));

    [Theory]
    [InlineData("")]
    [InlineData("envoy.service.ext_proc.v3.ExternalProcessor")]
    [InlineData("inference-extension")]
    [InlineData("readiness")]
    [InlineData("no.such.Service")]
    public async Task Check_AnyService_ReportsReadiness(string service)
    {
        await using GrpcTestServer server = await StartAsync();
        using GrpcTestClient client = new(server.Port);
        Assert.Equal(Reported.NotServing, await CheckAsync(client, service));
        _state.Report(ready: true);
        Assert.Equal(Reported.Serving, await CheckAsync(client, service));
        _state.Report(ready: false);
        Assert.Equal(Reported.NotServing, await CheckAsync(client, service));
    }

    [Fact]
    public async Task Check_AfterStop_IsNotServingForGood()
    {
        await using GrpcTestServer server = await StartAsync();
        using GrpcTestClient client = new(server.Port);
        _state.Report(ready: true);
        _state.Stop();
        _state.Report(ready: true);
        Assert.Equal(Reported.NotServing, await CheckAsync(client, ""));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Check_Liveness_ServesFromStartThroughDrainAndStop(bool knownOnly)
    {
        HealthState state = new(new HealthNames(knownOnly));
        await using GrpcTestServer server = await StartAsync(state);
        using GrpcTestClient client = new(server.Port);
        Assert.Equal(Reported.Serving, await CheckAsync(client, "liveness"));
        state.Report(ready: true);
        state.Report(ready: false);
        Assert.Equal(Reported.Serving, await CheckAsync(client, "liveness"));
        state.Stop();
        Assert.Equal(Reported.Serving, await CheckAsync(client, "liveness"));
    }

    [Theory]
    [InlineData("", Reported.NotServing, Reported.Serving)]
    [InlineData("readiness", Reported.NotServing, Reported.Serving)]
    [InlineData("envoy.service.ext_proc.v3.ExternalProcessor", Reported.NotServing, Reported.Serving)]
    [InlineData("inference-extension", Reported.ServiceUnknown, Reported.ServiceUnknown)]
    [InlineData("Readiness", Reported.ServiceUnknown, Reported.ServiceUnknown)]
    public async Task Check_KnownNamesOnly_AnswersUnknownOnesWithTheirStatus(string service, Reported before, Reported after)
    {
        HealthState state = KnownOnly();
        await using GrpcTestServer server = await StartAsync(state);
        using GrpcTestClient client = new(server.Port);
        Assert.Equal(before, await CheckAsync(client, service));
        state.Report(ready: true);
        Assert.Equal(after, await CheckAsync(client, service));
    }

    [Fact]
    public async Task List_KnownNamesOnly_NamesThemWithTheirOwnStatus()
    {
        await using GrpcTestServer server = await StartAsync(KnownOnly());
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync("/grpc.health.v1.Health/List", GrpcTestCall.Frame([]));
        HealthListResponse expected = new()
        {
            Statuses =
            {
                ["envoy.service.ext_proc.v3.ExternalProcessor"] = new HealthCheckResponse { Status = Reported.NotServing },
                ["liveness"] = new HealthCheckResponse { Status = Reported.Serving },
                ["readiness"] = new HealthCheckResponse { Status = Reported.NotServing },
            },
        };
        Assert.Equal(expected, HealthListResponse.Parser.ParseFrom(answer.Messages.Single()));
    }

    [Theory]
    [InlineData("liveness", Reported.Serving)]
    [InlineData("inference-extension", Reported.ServiceUnknown)]
    public async Task Watch_NameWithoutReadiness_IsToldOnceAndKeptOpen(string service, Reported only)
    {
        HealthState state = KnownOnly();
        await using GrpcTestServer server = await StartAsync(state);
        using GrpcTestClient client = new(server.Port);
        using GrpcTestCall call = client.Start("/grpc.health.v1.Health/Watch");
        await call.SendAsync(new HealthCheckRequest { Service = service }.ToByteArray());
        await call.CompleteAsync();
        Assert.Equal(only, await NextAsync(call));
        state.Report(ready: true);
        state.Stop();
        GrpcTestAnswer answer = await call.ReadToEndAsync();
        Assert.Empty(answer.Messages);
        Assert.Equal("14", answer.Status);
    }

    [Fact]
    public async Task List_Ready_NamesTheProcessor()
    {
        _state.Report(ready: true);
        await using GrpcTestServer server = await StartAsync();
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync("/grpc.health.v1.Health/List", GrpcTestCall.Frame([]));
        HealthListResponse expected = new()
        {
            Statuses = { ["envoy.service.ext_proc.v3.ExternalProcessor"] = new HealthCheckResponse { Status = Reported.Serving } },
        };
        Assert.Equal(expected, HealthListResponse.Parser.ParseFrom(answer.Messages.Single()));
    }

    [Fact]
    public async Task Watch_Changes_AreSentAndStopEndsIt()
    {
        await using GrpcTestServer server = await StartAsync();
        using GrpcTestClient client = new(server.Port);
        using GrpcTestCall call = client.Start("/grpc.health.v1.Health/Watch");
        await call.SendAsync(new HealthCheckRequest { Service = "x" }.ToByteArray());
        await call.CompleteAsync();
        Assert.Equal(Reported.NotServing, await NextAsync(call));
        _state.Report(ready: true);
        Assert.Equal(Reported.Serving, await NextAsync(call));
        _state.Report(ready: true);
        _state.Report(ready: false);
        Assert.Equal(Reported.NotServing, await NextAsync(call));
        _state.Stop();
        GrpcTestAnswer answer = await call.ReadToEndAsync();
        Assert.Empty(answer.Messages);
        Assert.Equal("14", answer.Status);
    }

    [Fact]
    public async Task Watch_StoppedBefore_IsUnavailableAtOnce()
    {
        _state.Stop();
        await using GrpcTestServer server = await StartAsync();
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync("/grpc.health.v1.Health/Watch", GrpcTestCall.Frame([]));
        Assert.Equal(("14", true), (answer.Status, answer.TrailersOnly));
    }

    [Fact]
    public async Task Watch_ServerStops_DoesNotHoldTheStop()
    {
        await using GrpcTestServer server = await StartAsync();
        using GrpcTestClient client = new(server.Port);
        using GrpcTestCall call = client.Start("/grpc.health.v1.Health/Watch");
        await call.SendAsync([]);
        await call.CompleteAsync();
        Assert.Equal(Reported.NotServing, await NextAsync(call));
        _state.Stop();
        await server.StopAsync().DefaultTimeout();
        Assert.Equal("14", (await call.ReadToEndAsync()).Status);
        Assert.Empty(server.Logged);
    }

    [Theory]
    [InlineData("Check")]
    [InlineData("List")]
    [InlineData("Watch")]
    public async Task Request_Malformed_IsInvalidArgument(string method)
    {
        await using GrpcTestServer server = await StartAsync();
        using GrpcTestClient client = new(server.Port);
        Assert.Equal("3", (await client.SendAsync($"/grpc.health.v1.Health/{method}", GrpcTestCall.Frame([0x0A, 0x05, 0x41]))).Status);
    }

    [Fact]
    public async Task Check_NoOrTwoRequests_IsUnimplemented()
    {
        await using GrpcTestServer server = await StartAsync();
        using GrpcTestClient client = new(server.Port);
        Assert.Equal("12", (await client.SendAsync("/grpc.health.v1.Health/Check", [])).Status);
        Assert.Equal("12", (await client.SendAsync("/grpc.health.v1.Health/Check", [.. GrpcTestCall.Frame([]), .. GrpcTestCall.Frame([])])).Status);
    }

    private static async Task<Reported> CheckAsync(GrpcTestClient client, string service)
    {
        byte[] request = new HealthCheckRequest { Service = service }.ToByteArray();
        GrpcTestAnswer answer = await client.SendAsync("/grpc.health.v1.Health/Check", GrpcTestCall.Frame(request));
        Assert.Equal("0", answer.Status);
        return HealthCheckResponse.Parser.ParseFrom(answer.Messages.Single()).Status;
    }

    private static async Task<Reported> NextAsync(GrpcTestCall call) => HealthCheckResponse.Parser.ParseFrom(await call.ReadMessageAsync()).Status;

    private static HealthState KnownOnly() => new(new HealthNames(knownOnly: true));

    private Task<GrpcTestServer> StartAsync(HealthState? state = null) => GrpcTestServer.StartAsync(HealthService.Methods(state ?? _state));
}
