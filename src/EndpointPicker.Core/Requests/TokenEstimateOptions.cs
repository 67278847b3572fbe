namespace EndpointPicker.Core.Requests;

/// <summary>How many tokens images and videos are estimated at; a sound counts one token for four bytes of its text.</summary>
public sealed record TokenEstimateOptions
{
    /// <summary>How images count.</summary>
    public ImageTokenOptions Image { get; init; } = new();

    /// <summary>How videos count.</summary>
    public VideoTokenOptions Video { get; init; } = new();
}
