using System.Diagnostics;
using EndpointPicker.Hosting.Tls;
using Testing;

namespace EndpointPicker.Tests.Hosting.Tls;

public sealed class CertificateReloaderTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly TemporaryCertificates _directory = new();
    private readonly EventLogger<CertificateReloader> _log = new();

    [Fact]
    public void Touch_WithinTheQuietTime_ReloadsOnceAfterTheLast()
    {
        (ServerCertificate certificate, CertificateReloader reloader) = CreateSut();
        using (reloader)
        {
            reloader.Touch();
            _clock.Advance(TimeSpan.FromMilliseconds(249));
            reloader.Touch();
            _clock.Advance(TimeSpan.FromMilliseconds(249));
            Assert.Empty(_log.Events);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            _clock.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal("Reloaded", Assert.Single(_log.Events));
            Assert.Equal("CN=first", certificate.Current.TargetCertificate.Subject);
        }
    }

    [Theory]
    [InlineData("tls.crt", "no certificate")]
    [InlineData("tls.key", "no key")]
    public void Reload_BadFile_KeepsTheOldPairAndSaysSo(string file, string text)
    {
        (ServerCertificate certificate, CertificateReloader reloader) = CreateSut();
        using (reloader)
        {
            _directory.WriteText(file, text);
            reloader.Touch();
            _clock.Advance(TimeSpan.FromMilliseconds(250));
            Assert.Contains("ReloadFailed", _log.Events);
            Assert.Equal("CN=first", certificate.Current.TargetCertificate.Subject);
        }
    }

    [Fact]
    public async Task Watch_PairRewritten_Reloads()
    {
        (ServerCertificate certificate, CertificateReloader reloader) = CreateSut();
        using (reloader)
        {
            _directory.Write(TemporaryCertificates.Create("second"));
            await SubjectBecomesAsync(certificate, "CN=second");
        }
    }

    [Fact]
    public async Task Watch_KubernetesSwapsItsLink_Reloads()
    {
        // A mounted secret: tls.crt -> ..data/tls.crt, and ..data -> a folder of its own for each version; an update renames a new link over ..data.
        Directory.CreateDirectory(Path.Combine(_directory.Path, "..1"));
        Directory.CreateDirectory(Path.Combine(_directory.Path, "..2"));
        _directory.Write(TemporaryCertificates.Create("first"), "..1");
        File.CreateSymbolicLink(Path.Combine(_directory.Path, "..data"), "..1");
        File.CreateSymbolicLink(Path.Combine(_directory.Path, "tls.crt"), "..data/tls.crt");
        File.CreateSymbolicLink(Path.Combine(_directory.Path, "tls.key"), "..data/tls.key");
        _directory.Write(TemporaryCertificates.Create("second"), "..2");
        ServerCertificate certificate = ServerCertificate.Load(_directory.Path);
        using CertificateReloader reloader = new(_directory.Path, "certificate of the test", () => certificate.Reload(_directory.Path), _clock, _log);
        File.CreateSymbolicLink(Path.Combine(_directory.Path, "..data_tmp"), "..2");
        using (Process rename = Process.Start("mv", ["-T", Path.Combine(_directory.Path, "..data_tmp"), Path.Combine(_directory.Path, "..data")]))
        {
            await rename.WaitForExitAsync(TestContext.Current.CancellationToken).DefaultTimeout();
            Assert.Equal(0, rename.ExitCode);
        }

        await SubjectBecomesAsync(certificate, "CN=second");
    }

    public void Dispose() => _directory.Dispose();

    private (ServerCertificate Certificate, CertificateReloader Reloader) CreateSut()
    {
        _directory.Write(TemporaryCertificates.Create("first"));
        ServerCertificate certificate = ServerCertificate.Load(_directory.Path);
        return (certificate, new CertificateReloader(_directory.Path, "certificate of the test", () => certificate.Reload(_directory.Path), _clock, _log));
    }

    // The file system tells of changes when it likes; the quiet time is the test's.
    private async Task SubjectBecomesAsync(ServerCertificate certificate, string subject)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (certificate.Current.TargetCertificate.Subject != subject)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
            _clock.Advance(TimeSpan.FromMilliseconds(50));
        }
    }
}
