using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EndpointPicker.LoadGenerator.Client;
using FunctionalTests.Harness;
using Grpc.Reflection.V1;
using Status = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace FunctionalTests.Process;

/// <summary>What each port serves, and how.</summary>
public sealed class PortTests
{
    private const int Unimplemented = 12;
    private const string Reflection = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HealthPort_TlsOrNot_ServesHealthInPlaintextAndNothingElse(bool tls)
    {
        await using EppProcess epp = await EppProcess.StartAsync([1], new EppSettings { Tls = tls });
        using GrpcClient health = new(epp.HealthPort);
        using GrpcClient main = new(epp.GrpcPort, tls);

        Assert.Equal(Status.Serving, await health.HealthAsync());
        Assert.Equal(Status.Serving, await health.HealthAsync("inference-extension"));
        Assert.Equal(Status.Serving, await main.HealthAsync("envoy.service.ext_proc.v3.ExternalProcessor"));
        Assert.Equal(Unimplemented, (await health.CallAsync(ExtProcMessages.Method, ExtProcMessages.Headers(body: false))).Status);
        Assert.Equal(["grpc.health.v1.Health"], await ServicesAsync(health));
        Assert.Equal(["envoy.service.ext_proc.v3.ExternalProcessor", "grpc.health.v1.Health"], await ServicesAsync(main));
    }

    [Fact]
    public async Task ExtProcPort_Secure_TakesTlsAndPlaintext()
    {
        await using EppProcess epp = await EppProcess.StartAsync([8000], new EppSettings { Tls = true });
        using ExtProcClient plain = new(new Uri($"http://127.0.0.1:{epp.GrpcPort}"));
        using ExtProcClient secure = new(new Uri($"https://127.0.0.1:{epp.GrpcPort}"));
        Assert.Equal("127.0.0.1:8000", await plain.PickAsync());
        Assert.Equal("127.0.0.1:8000", await secure.PickAsync());
    }

    [Fact]
    public async Task ExtProcPort_PlaintextRefused_TakesTlsAlone()
    {
        await using EppProcess epp = await EppProcess.StartAsync([8000], new EppSettings { Tls = true, Flags = ["--allow-plaintext=false"] });
        using GrpcClient secure = new(epp.GrpcPort, tls: true);
        using GrpcClient plain = new(epp.GrpcPort);
        Assert.Equal(Status.Serving, await secure.HealthAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.HealthAsync());
    }

    [Fact]
    public async Task Certificate_Replaced_NewConnectionsGetIt()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("epp-cert-");
        try
        {
            WriteCertificate(folder, "first");
            await using EppProcess epp = await EppProcess.StartAsync(
                [8000], new EppSettings { Tls = true, Flags = [$"--cert-path={folder.FullName}", "--enable-cert-reload=true"] });
            Assert.Equal("CN=first", await SubjectAsync(epp));

            WriteCertificate(folder, "second");
            await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Reloaded\"", StringComparison.Ordinal));
            Assert.Equal("CN=second", await SubjectAsync(epp));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string?> SubjectAsync(EppProcess epp)
    {
        using GrpcClient client = new(epp.GrpcPort, tls: true);
        await client.HealthAsync();
        return client.Subject;
    }

    private static async Task<string[]> ServicesAsync(GrpcClient client)
    {
        (int status, byte[] answer) = await client.CallAsync(Reflection, new ServerReflectionRequest { ListServices = "*" });
        Assert.Equal(0, status);
        string[] names = [.. ServerReflectionResponse.Parser.ParseFrom(answer).ListServicesResponse.Service.Select(service => service.Name)];
        return [.. names.Where(name => !name.StartsWith("grpc.reflection.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    private static void WriteCertificate(DirectoryInfo folder, string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(folder.FullName, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder.FullName, "tls.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
