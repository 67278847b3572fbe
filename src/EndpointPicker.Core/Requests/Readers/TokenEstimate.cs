using System.Buffers.Text;

namespace EndpointPicker.Core.Requests.Readers;

/// <summary>Estimates the tokens of what is no text, by the reference's formulas.</summary>
internal sealed class TokenEstimate(TokenEstimateOptions options)
{
    /// <summary>Tokens of an image.</summary>
    /// <param name="width">Its width in pixels; 0 where unknown.</param>
    /// <param name="height">Its height in pixels; 0 where unknown.</param>
    /// <returns>1 or more.</returns>
    public int Image(int width, int height)
    {
        ImageTokenOptions image = options.Image;
        if (image.IsStatic)
        {
            return Math.Max(1, image.StaticTokens);
        }

        bool known = width > 0 && height > 0;
        return Area(known ? width : image.DefaultWidth, known ? height : image.DefaultHeight, image.Factor);
    }

    /// <summary>Tokens of a video.</summary>
    /// <param name="headers">The request's headers, which may tell its rate, length and size.</param>
    /// <returns>1 or more.</returns>
    public int Video(HeaderTable headers)
    {
        VideoTokenOptions video = options.Video;
        double duration = Positive(headers, "x-llm-d-video-duration-seconds"u8) ?? video.DefaultDurationSeconds;
        double frames = Math.Floor(duration * (video.IsStrided ? Positive(headers, "x-llm-d-video-fps"u8) ?? video.DefaultSourceFps : video.SampleFps));
        if (video.IsStrided)
        {
            frames = Math.Floor(frames / Math.Max(1, video.FrameStride));
        }

        frames = Math.Max(frames, video.MinFrames);
        frames = video.MaxFrames > 0 ? Math.Min(frames, video.MaxFrames) : frames;
        if (!video.IsStrided && video.TemporalPatchSize > 1)
        {
            frames = Math.Floor(frames / video.TemporalPatchSize);
        }

        double tokens = frames * (video.IsStatic ? video.StaticTokensPerFrame : Frame(headers, video));
        tokens = video.MaxTokens > 0 ? Math.Min(tokens, video.MaxTokens) : tokens;
        return (int)Math.Clamp(tokens, 1, int.MaxValue);
    }

    /// <summary>Tokens of a sound.</summary>
    /// <param name="bytes">Bytes of its data and format as they stand in the body.</param>
    /// <returns>A token for four bytes.</returns>
    public static int Audio(long bytes) => (int)Math.Min((bytes + 3) / 4, int.MaxValue);

    private static int Frame(HeaderTable headers, VideoTokenOptions video)
    {
        if (headers.TryGet("x-llm-d-video-resolution"u8, out ReadOnlySpan<byte> value)
            && Utf8Parser.TryParse(value, out int width, out int used) && width > 0
            && used < value.Length && value[used] is (byte)'x' or (byte)'X'
            && Utf8Parser.TryParse(value[(used + 1)..], out int height, out _) && height > 0)
        {
            return Area(width, height, video.Factor);
        }

        return Area(video.DefaultWidth, video.DefaultHeight, video.Factor);
    }

    private static int Area(int width, int height, int factor) =>
        (int)Math.Clamp((long)width * height / Math.Max(1, factor), 1, int.MaxValue);

    private static double? Positive(HeaderTable headers, ReadOnlySpan<byte> name) =>
        headers.TryGet(name, out ReadOnlySpan<byte> value)
        && Utf8Parser.TryParse(value, out double number, out int used) && used == value.Length && number > 0 && double.IsFinite(number)
            ? number
            : null;
}
