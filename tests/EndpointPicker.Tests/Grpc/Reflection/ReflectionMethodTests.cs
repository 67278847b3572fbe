using EndpointPicker.Grpc.Reflection;
using global::Grpc.Reflection.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace EndpointPicker.Tests.Grpc.Reflection;

public sealed class ReflectionMethodTests
{
    private const string Processor = "envoy.service.ext_proc.v3.ExternalProcessor";

    [Theory]
    [InlineData("grpc.reflection.v1.ServerReflection")]
    [InlineData("grpc.reflection.v1alpha.ServerReflection")]
    public async Task ListServices_BothPackages_NameAll(string service)
    {
        ServerReflectionRequest request = new() { Host = "h", ListServices = "*" };
        ServerReflectionResponse response = await AskAsync(request, service);
        Assert.Equal(
            [Processor, "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"],
            response.ListServicesResponse.Service.Select(entry => entry.Name));
        Assert.Equal(("h", request), (response.ValidHost, response.OriginalRequest));
    }

    [Theory]
    [InlineData(Processor)]
    [InlineData(Processor + ".Process")]
    [InlineData("envoy.service.ext_proc.v3.ProcessingRequest")]
    public async Task FileContainingSymbol_Known_BringsAllThatABuildNeeds(string symbol)
    {
        ServerReflectionResponse response = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol });
        IReadOnlyList<FileDescriptorProto> files = [.. response.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom)];
        Assert.Equal("envoy/service/ext_proc/v3/external_processor.proto", files[0].Name);
        Assert.Equal(files.Select(file => file.Name).Order(), files.SelectMany(file => file.Dependency).Append(files[0].Name).Distinct().Order());
    }

    [Fact]
    public async Task FileByFilename_Known_IsThatFile()
    {
        ServerReflectionResponse response = await AskAsync(new ServerReflectionRequest { FileByFilename = "grpc/health/v1/health.proto" });
        Assert.Equal("grpc/health/v1/health.proto", FileDescriptorProto.Parser.ParseFrom(response.FileDescriptorResponse.FileDescriptorProto.Single()).Name);
    }

    [Fact]
    public async Task AllExtensionNumbersOfType_KnownMessage_IsEmpty()
    {
        ServerReflectionResponse response = await AskAsync(new ServerReflectionRequest { AllExtensionNumbersOfType = "grpc.health.v1.HealthCheckRequest" });
        Assert.Equal(new ExtensionNumberResponse { BaseTypeName = "grpc.health.v1.HealthCheckRequest" }, response.AllExtensionNumbersResponse);
    }

    [Fact]
    public async Task Ask_NotFound_IsAnAnswerAndTheStreamGoesOn()
    {
        ServerReflectionRequest[] requests =
        [
            new() { FileByFilename = "no.proto" },
            new() { FileContainingSymbol = "no.Such" },
            new() { FileContainingExtension = new ExtensionRequest { ContainingType = "no.Such", ExtensionNumber = 7 } },
            new() { AllExtensionNumbersOfType = "no.Such" },
        ];
        await using GrpcTestServer server = await StartAsync();
        using GrpcTestClient client = new(server.Port);
        using GrpcTestCall call = client.Start("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo");
        foreach (ServerReflectionRequest request in requests)
        {
            await call.SendAsync(request.ToByteArray());
            ServerReflectionResponse response = ServerReflectionResponse.Parser.ParseFrom(await call.ReadMessageAsync());
            Assert.Equal((5, request), (response.ErrorResponse.ErrorCode, response.OriginalRequest));
        }

        await call.CompleteAsync();
        Assert.Equal("0", (await call.ReadToEndAsync()).Status);
    }

    [Fact]
    public async Task Ask_NotProtobuf_IsInvalidArgument()
    {
        await using GrpcTestServer server = await StartAsync();
        using GrpcTestClient client = new(server.Port);
        Assert.Equal("3", (await client.SendAsync("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", GrpcTestCall.Frame([0xFF]))).Status);
    }

    private static Task<GrpcTestServer> StartAsync() => GrpcTestServer.StartAsync(ReflectionService.Methods(DescriptorSet.Load(), [Processor]));

    private static async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request, string service = "grpc.reflection.v1.ServerReflection")
    {
        await using GrpcTestServer server = await StartAsync();
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync($"/{service}/ServerReflectionInfo", GrpcTestCall.Frame(request.ToByteArray()));
        Assert.Equal("0", answer.Status);
        return ServerReflectionResponse.Parser.ParseFrom(answer.Messages.Single());
    }
}
