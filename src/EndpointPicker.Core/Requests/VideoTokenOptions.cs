namespace EndpointPicker.Core.Requests;

/// <summary>How many tokens one video is estimated at: frames times tokens of a frame.</summary>
public sealed record VideoTokenOptions
{
    /// <summary>The width in pixels where <c>x-llm-d-video-resolution</c> is missing.</summary>
    /// <value>640.</value>
    public int DefaultWidth { get; init; } = 640;

    /// <summary>The height in pixels where <c>x-llm-d-video-resolution</c> is missing.</summary>
    /// <value>360.</value>
    public int DefaultHeight { get; init; } = 360;

    /// <summary>The length in seconds where <c>x-llm-d-video-duration-seconds</c> is missing.</summary>
    /// <value>10.</value>
    public double DefaultDurationSeconds { get; init; } = 10;

    /// <summary>Whether every frame counts <see cref="StaticTokensPerFrame"/> instead of its area over <see cref="Factor"/>.</summary>
    /// <value><see langword="false"/>.</value>
    public bool IsStatic { get; init; }

    /// <summary>Tokens of a frame in static mode.</summary>
    /// <value>1.</value>
    public int StaticTokensPerFrame { get; init; } = 1;

    /// <summary>Pixels of one token.</summary>
    /// <value>1024.</value>
    public int Factor { get; init; } = 1024;

    /// <summary>Whether every n-th frame of the source counts instead of so many a second.</summary>
    /// <value><see langword="false"/>.</value>
    public bool IsStrided { get; init; }

    /// <summary>Frames a second in sampled mode.</summary>
    /// <value>2.</value>
    public double SampleFps { get; init; } = 2;

    /// <summary>How many sampled frames become one; 0 or 1 is none.</summary>
    /// <value>0.</value>
    public int TemporalPatchSize { get; init; }

    /// <summary>Frames a second of the source in strided mode where <c>x-llm-d-video-fps</c> is missing.</summary>
    /// <value>24.</value>
    public double DefaultSourceFps { get; init; } = 24;

    /// <summary>Every which frame counts in strided mode.</summary>
    /// <value>1.</value>
    public int FrameStride { get; init; } = 1;

    /// <summary>The fewest frames; 0 is no bound.</summary>
    /// <value>0.</value>
    public int MinFrames { get; init; }

    /// <summary>The most frames; 0 is no bound.</summary>
    /// <value>0.</value>
    public int MaxFrames { get; init; }

    /// <summary>The most tokens of a video; 0 is no bound.</summary>
    /// <value>0.</value>
    public int MaxTokens { get; init; }
}
