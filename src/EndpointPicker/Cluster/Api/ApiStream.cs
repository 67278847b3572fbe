using System.IO.Pipelines;

namespace EndpointPicker.Cluster.Api;

/// <summary>An answer that is read as it arrives.</summary>
internal sealed class ApiStream : IDisposable
{
    private readonly HttpResponseMessage? _response;

    /// <summary>An answer that goes on.</summary>
    public ApiStream(HttpResponseMessage response, PipeReader body)
    {
        _response = response;
        Body = body;
    }

    /// <summary>A refusal.</summary>
    public ApiStream(ApiAnswer refusal)
    {
        Refusal = refusal;
        Body = PipeReader.Create(new MemoryStream());
    }

    /// <summary>The refusal; <see langword="null"/> where the request was obeyed.</summary>
    public ApiAnswer? Refusal { get; }

    /// <summary>The body; empty for a refusal.</summary>
    public PipeReader Body { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Body.Complete();
        _response?.Dispose();
    }
}
