namespace EndpointPicker.Core.Requests;

/// <summary>
/// One request as the decision sees it. The object is pooled with its stream: <see cref="Reset"/> makes it new, and nothing of it may be
/// kept beyond that.
/// </summary>
public sealed class InferenceRequest
{
    /// <summary>How many bytes of a route's name are kept: no prefix that names are compared with may be longer.</summary>
    public const int LongestRouteName = 512;

    private byte[] _routeName = [];
    private int _routeNameLength;

    /// <summary>The request's headers, pseudo headers among them.</summary>
    public HeaderTable Headers { get; } = new();

    /// <summary>The endpoints to which the proxy restricts this request.</summary>
    public EndpointSubset Subset { get; } = new();

    /// <summary>The proxy's name of the route that the request takes, in UTF-8; empty where it was not told.</summary>
    public ReadOnlySpan<byte> RouteName => _routeName.AsSpan(0, _routeNameLength);

    /// <summary>The API that the path names.</summary>
    public RequestApi Api { get; set; }

    /// <summary>The model that the body names; empty where it names none.</summary>
    public string Model { get; set; } = "";

    /// <summary>The model that the server shall run: the body's, or what a rewrite makes of it.</summary>
    public string TargetModel { get; set; } = "";

    /// <summary>Whether the target model's name comes from the cluster's rules and not from a client.</summary>
    public bool TargetIsConfigured { get; set; }

    /// <summary>Where the body's <c>model</c> value stands, quotes included, in bytes from the body's start; empty where there is none.</summary>
    public Range ModelValue { get; set; }

    /// <summary>Where a <c>"model":"...",</c> can be put into a body without one: the byte behind its opening brace; 0 where it cannot.</summary>
    public int ModelInsertion { get; set; }

    /// <summary>Whether the client asked for a streamed answer.</summary>
    public bool Stream { get; set; }

    /// <summary>The client's cap on output tokens; <see langword="null"/> where it gave none.</summary>
    public long? MaxOutputTokens { get; set; }

    /// <summary>Bytes of body read so far.</summary>
    public long BodyBytes { get; set; }

    /// <summary>Images, videos and sounds in the prompt.</summary>
    public int MediaParts { get; set; }

    /// <summary>The prompt as block hashes; empty where no plugin needs it.</summary>
    public PromptBlocks Prompt { get; } = new();

    /// <summary>The priority: 0 unless an objective says otherwise; below 0 is sheddable.</summary>
    public int Priority { get; set; }

    /// <summary>The flow that fairness counts the request to.</summary>
    public string FairnessId { get; set; } = "default-flow";

    /// <summary>When the request's headers came, in ticks of the time provider.</summary>
    public long ReceivedAt { get; set; }

    /// <summary>Keeps a copy of the route's name, cut where it is longer than any prefix that it is compared with.</summary>
    /// <param name="name">The name in UTF-8.</param>
    public void SetRouteName(ReadOnlySpan<byte> name)
    {
        if (_routeName.Length == 0)
        {
            _routeName = new byte[LongestRouteName];
        }

        _routeNameLength = Math.Min(name.Length, LongestRouteName);
        name[.._routeNameLength].CopyTo(_routeName);
    }

    /// <summary>Makes the object new for another request.</summary>
    public void Reset()
    {
        _routeNameLength = 0;
        Headers.Clear();
        Subset.Clear();
        Prompt.Clear();
        Api = RequestApi.Passthrough;
        Model = "";
        TargetModel = "";
        TargetIsConfigured = false;
        ModelValue = default;
        ModelInsertion = 0;
        Stream = false;
        MaxOutputTokens = null;
        BodyBytes = 0;
        MediaParts = 0;
        Priority = 0;
        FairnessId = "default-flow";
        ReceivedAt = 0;
    }
}
