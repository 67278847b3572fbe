namespace EndpointPicker.Board;

/// <summary>A page of the metrics port that only loopback may see.</summary>
internal interface IBoardPage
{
    /// <summary>Its path, from the slash on.</summary>
    string Path { get; }

    /// <summary>Answers a GET.</summary>
    Task HandleAsync(HttpContext context);
}
