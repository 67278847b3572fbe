namespace EndpointPicker.Cluster.Api;

/// <summary>The bearer token as it is now. A file is read again every minute, as the kubelet replaces it long before the old token expires.</summary>
internal sealed partial class BearerToken(ClusterCredentials credentials, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    // Protects the fields below and the reading of the file; requests come from several loops.
    private readonly Lock _gate = new();
    private string? _token = credentials.Token;
    private long _readAt;
    private bool _read;
    private bool _failed;

    /// <summary>The token; <see langword="null"/> where there is none.</summary>
    public string? Current
    {
        get
        {
            lock (_gate)
            {
                if (credentials.TokenFile is not null && (!_read || time.GetElapsedTime(_readAt) >= Lifetime))
                {
                    Read(credentials.TokenFile);
                }

                return _token;
            }
        }
    }

    /// <summary>Looks for another token at once, after one was refused.</summary>
    /// <param name="refused">The refused token.</param>
    /// <returns>Whether there is another one now.</returns>
    public bool Renew(string? refused)
    {
        lock (_gate)
        {
            if (credentials.TokenFile is not null && _token == refused)
            {
                Read(credentials.TokenFile);
            }

            return _token != refused;
        }
    }

    private void Read(string file)
    {
        _read = true;
        _readAt = time.GetTimestamp();
        try
        {
            string token = File.ReadAllText(file).Trim();
            if (token.Length > 0)
            {
                // A header takes no other bytes, and its refusal would quote the token.
                _token = token.All(char.IsAscii) && !token.Any(char.IsControl) ? token : throw new InvalidDataException("it holds more than a token");
                _failed = false;
                return;
            }

            throw new InvalidDataException("it is empty");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            if (!_failed)
            {
                _failed = true;
                Log.TokenUnreadable(logger, file, unreadable.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The token file {File} cannot be used: {Reason}. The last token that could be read stays in use.", EventName = nameof(TokenUnreadable))]
        public static partial void TokenUnreadable(ILogger logger, string file, string reason);
    }
}
