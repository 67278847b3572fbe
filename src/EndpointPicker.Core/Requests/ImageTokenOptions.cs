namespace EndpointPicker.Core.Requests;

/// <summary>How many tokens one image is estimated at.</summary>
public sealed record ImageTokenOptions
{
    /// <summary>Whether every image counts <see cref="StaticTokens"/> instead of its area over <see cref="Factor"/>.</summary>
    /// <value><see langword="false"/>.</value>
    public bool IsStatic { get; init; }

    /// <summary>Tokens of an image in static mode.</summary>
    /// <value>1.</value>
    public int StaticTokens { get; init; } = 1;

    /// <summary>Pixels of one token.</summary>
    /// <value>1024.</value>
    public int Factor { get; init; } = 1024;

    /// <summary>The width in pixels of an image whose size the request does not show.</summary>
    /// <value>640.</value>
    public int DefaultWidth { get; init; } = 640;

    /// <summary>The height in pixels of an image whose size the request does not show.</summary>
    /// <value>360.</value>
    public int DefaultHeight { get; init; } = 360;
}
