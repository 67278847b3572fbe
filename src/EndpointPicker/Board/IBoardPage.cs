namespace EndpointPicker.Board;

/// <summary>A page of the metrics port that only loopback may see.</summary>
internal interface IBoardPage
{
    /// <summary>Its path, from the slash on.</summary>
    string Path { get; }

    /// <summary>Whether it answers POST beside GET and HEAD.</summary>
    bool TakesPost => false;

    /// <summary>Whether it is there for another page, so that lists of pages leave it out.</summary>
    bool IsPart => false;

    /// <summary>Answers a GET, or a POST where it takes them.</summary>
    Task HandleAsync(HttpContext context);
}
