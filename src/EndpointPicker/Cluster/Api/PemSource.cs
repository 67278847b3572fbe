namespace EndpointPicker.Cluster.Api;

/// <summary>PEM text: given in place, or in a file that may be replaced while the process runs.</summary>
/// <remarks>A class, not a record: a private key must not turn up in a printed value.</remarks>
internal sealed class PemSource
{
    private readonly byte[]? _given;

    private PemSource(byte[]? given, string? file, string name)
    {
        _given = given;
        File = file;
        Name = name;
    }

    /// <summary>The file; <see langword="null"/> for text given in place.</summary>
    public string? File { get; }

    /// <summary>Where the text is, for messages.</summary>
    public string Name { get; }

    /// <summary>PEM text given in place.</summary>
    /// <param name="pem">The text.</param>
    /// <param name="name">Where it was given, for messages.</param>
    public static PemSource Of(byte[] pem, string name) => new(pem, null, name);

    /// <summary>PEM text in a file.</summary>
    /// <param name="file">The file.</param>
    public static PemSource In(string file) => new(null, file, file);

    /// <summary>The text as it is now.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public byte[] Read() => _given ?? System.IO.File.ReadAllBytes(File!);
}
