using System.Security.Cryptography;

namespace EndpointPicker.Hosting.Tls;

/// <summary>Files of a flag that cannot be used; the message names flag, path and fault.</summary>
internal sealed class CertificateFileException(string message, Exception cause) : Exception(message, cause)
{
    /// <summary>Reads the files of a flag.</summary>
    /// <param name="flag">The flag without dashes.</param>
    /// <param name="path">Its value.</param>
    /// <param name="read">What reads them.</param>
    /// <exception cref="CertificateFileException">They cannot be used.</exception>
    public static T Guard<T>(string flag, string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CertificateFileException($"--{flag}={path}: {e.Message}", e);
        }
    }
}
