namespace EndpointPicker.Board;

/// <summary>A page of the metrics port that shows requests, and is not for everybody.</summary>
internal interface IBoardPage
{
    /// <summary>Its path, from the slash on.</summary>
    string Path { get; }

    /// <summary>The methods that it answers.</summary>
    IReadOnlyList<string> Methods => [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Whether it is there for another page, so that lists of pages leave it out.</summary>
    bool IsPart => false;

    /// <summary>Answers one of its methods.</summary>
    Task HandleAsync(HttpContext context);
}
