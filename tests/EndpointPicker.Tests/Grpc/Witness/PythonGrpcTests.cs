using EndpointPicker.Grpc;
using EndpointPicker.Grpc.Health;
using EndpointPicker.Grpc.Reflection;
using EndpointPicker.Hosting.Tls;
using Testing;

namespace EndpointPicker.Tests.Grpc.Witness;

/// <summary>The opinion of gRPC's own C core on everything that a client can see.</summary>
public sealed class PythonGrpcTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Witness_AllChecks_AgreeWithCCore(bool tls)
    {
        string python = PythonGrpc.Require();
        ServerCertificate certificate = ServerCertificate.SelfSigned(TimeProvider.System);
        HealthState health = new(new HealthNames(knownOnly: false));
        health.Report(ready: true);
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new GrpcTestSetup
        {
            Methods =
            [
                new EchoMethod(),
                new DelegateMethod("/test.Fail/Fail", _ => ValueTask.FromResult(new GrpcStatus(StatusCode.NotFound, "a: 100% \u00e4 \u4f60\n end"))),
                .. HealthService.Methods(health),
                .. ReflectionService.Methods(DescriptorSet.Load(), [HealthService.Name]),
            ],
            Listen = listen => listen.UseTlsOrPlaintext(new TlsOptions(), certificate, TimeProvider.System),
        });

        string pem = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(pem, certificate.Current.TargetCertificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
            string script = Path.Combine(RepositoryRoot.Path, "tests/EndpointPicker.Tests/Grpc/Witness/witness.py");
            string[] arguments = [script, $"{server.Port}", .. tls ? new[] { pem } : []];
            await using ChildProcess witness = ChildProcess.Start(python, arguments);
            await witness.Exited.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
            Assert.True(witness.Output.Contains("\ndone 0", StringComparison.Ordinal), witness.Output);
            Assert.Equal(14, witness.Output.Split('\n').Count(line => line.StartsWith("ok check_", StringComparison.Ordinal)));
        }
        finally
        {
            File.Delete(pem);
        }

        Assert.Empty(server.Logged);
    }
}
