using System.Text;
using EndpointPicker.Configuration;

namespace EndpointPicker.Cluster;

/// <summary>The endpoint file on disk.</summary>
internal sealed class EndpointFile(string path)
{
    public const int MaxBytes = 1024 * 1024;

    private byte[]? _last;

    /// <summary>The path as configured.</summary>
    public string Path { get; } = path;

    /// <summary>Reads the file.</summary>
    /// <param name="report">Takes the reason where it cannot be read.</param>
    /// <param name="text">The text.</param>
    /// <returns>Whether it was read and differs from what was read before.</returns>
    public bool TryReadChanged(DiagnosticReport report, out string text)
    {
        text = "";
        byte[] bytes;
        try
        {
            bytes = ReadBytes();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            report.Error(
                SourcePosition.Start,
                $"the endpoint file cannot be read: {unreadable.Message}",
                "check the parameter 'path' of file-discovery and who may read the file");
            return false;
        }

        if (_last is not null && bytes.AsSpan().SequenceEqual(_last))
        {
            return false;
        }

        _last = bytes;
        if (bytes.Length > MaxBytes)
        {
            report.Error(SourcePosition.Start, "the endpoint file is larger than 1 MiB", "make it smaller");
            return false;
        }

        ReadOnlySpan<byte> content = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        text = Encoding.UTF8.GetString(content);
        return true;
    }

    private byte[] ReadBytes()
    {
        using FileStream file = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[MaxBytes + 1];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
