using System.Security.Cryptography;

namespace EndpointPicker.Board;

/// <summary>One file of the board, from the assembly: nothing of the request chooses what is read.</summary>
internal sealed class AssetPage : IBoardPage
{
    // Scripts and styles from these files alone, no frames around it and nothing sent elsewhere: what a request's headers bring can do nothing.
    private const string ContentSecurityPolicy =
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

    private readonly byte[] _content;
    private readonly string _contentType;
    private readonly string _tag;

    /// <param name="path">Where it is served.</param>
    /// <param name="file">Its name among the board's files.</param>
    /// <param name="contentType">Its content type.</param>
    public AssetPage(string path, string file, string contentType)
    {
        Path = path;
        _contentType = contentType;
        using Stream resource = typeof(AssetPage).Assembly.GetManifestResourceStream($"board/{file}")
            ?? throw new InvalidOperationException($"The assembly lacks the board's file {file}.");
        _content = new byte[resource.Length];
        resource.ReadExactly(_content);
        _tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(_content).AsSpan(0, 12))}\"";
    }

    public string Path { get; }

    public bool IsPart => Path != BoardFiles.Home;

    public Task HandleAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.ETag = _tag;

        // A page of one version must not run the scripts of another: the browser asks each time, and is told that nothing has changed.
        response.Headers.CacheControl = "no-cache";
        foreach (string? known in context.Request.Headers.IfNoneMatch)
        {
            if (known is not null && (known == "*" || known.Contains(_tag, StringComparison.Ordinal)))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }

        response.ContentType = _contentType;
        response.ContentLength = _content.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(_content).AsTask();
    }
}
