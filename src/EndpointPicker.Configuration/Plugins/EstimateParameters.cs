using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Configuration.Plugins;

/// <summary>The <c>estimate</c> parameter of the token producer.</summary>
internal static class EstimateParameters
{
    private static readonly IntegerField Width = new("width", 640, "Pixels across; 0 means 640.") { Min = 0 };
    private static readonly IntegerField Height = new("height", 360, "Pixels down; 0 means 360.") { Min = 0 };
    private static readonly ObjectField Resolution = new("defaultResolution", new Schema(Width, Height), "The size where the content does not tell.");
    private static readonly TextField Mode = new("mode", "dynamic", "By size (dynamic) or the same for all (static).") { Allowed = ["dynamic", "static"] };
    private static readonly IntegerField Factor = new("factor", 1024, "Pixels for one token; 0 means 1024.") { Min = 0 };
    private static readonly ObjectField Dynamic = new("dynamic", new Schema(Factor), "The mode dynamic.");

    private static readonly IntegerField StaticToken = new("staticToken", 1, "Tokens of every image; 0 means 1.") { Min = 0 };
    private static readonly ObjectField ImageStatic = new("static", new Schema(StaticToken), "The mode static.");
    private static readonly ObjectField Image = new("image", new Schema(Mode, Resolution, ImageStatic, Dynamic), "Images.");

    private static readonly IntegerField FrameToken = new("numTokensPerFrame", 1, "Tokens of every frame; 0 means 1.") { Min = 0 };
    private static readonly ObjectField FrameStatic = new("static", new Schema(FrameToken), "The mode static.");
    private static readonly ObjectField TokensPerFrame = new("tokensPerFrame", new Schema(Mode, FrameStatic, Dynamic), "Tokens of one frame.");

    private static readonly TextField FrameMode = new("mode", "sampled", "Frames by time (sampled) or every so many (strided).") { Allowed = ["sampled", "strided"] };
    private static readonly IntegerField MinFrames = new("minFrames", 0, "Frames at least; 0 for no limit.") { Min = 0 };
    private static readonly IntegerField MaxFrames = new("maxFrames", 0, "Frames at most; 0 for no limit.") { Min = 0 };
    private static readonly NumberField SampleFps = new("sampleFPS", 2, "Frames taken each second; 0 means 2.") { Min = 0 };
    private static readonly IntegerField PatchSize = new("temporalPatchSize", 0, "Frames that count as one; 0 for no grouping.") { Min = 0 };
    private static readonly ObjectField Sampled = new("sampled", new Schema(SampleFps, PatchSize), "The mode sampled.");
    private static readonly NumberField SourceFps = new("defaultSourceFPS", 24, "Frames each second where the request does not tell; 0 means 24.") { Min = 0 };
    private static readonly IntegerField Stride = new("frameStride", 1, "Of so many frames one counts; 0 means 1.") { Min = 0 };
    private static readonly ObjectField Strided = new("strided", new Schema(SourceFps, Stride), "The mode strided.");
    private static readonly ObjectField Frames = new("frames", new Schema(FrameMode, MinFrames, MaxFrames, Sampled, Strided), "Which frames count.");

    private static readonly NumberField Duration = new("defaultDuration", 10, "Seconds where the request does not tell; 0 means 10.") { Min = 0 };
    private static readonly IntegerField MaxTokens = new("maxVideoTokens", 0, "Tokens of one video at most; 0 for no limit.") { Min = 0 };
    private static readonly ObjectField Video = new("video", new Schema(Resolution, Duration, TokensPerFrame, Frames, MaxTokens), "Videos.");

    public static readonly ObjectField Estimate = new("estimate", new Schema(Image, Video), "How images and videos are estimated.");

    public static TokenEstimateOptions Read(FieldValues? estimate) => new()
    {
        Image = ReadImage(estimate?.Get(Image)),
        Video = ReadVideo(estimate?.Get(Video)),
    };

    private static ImageTokenOptions ReadImage(FieldValues? image)
    {
        FieldValues? size = image?.Get(Resolution);
        ImageTokenOptions defaults = new();
        return image is null ? defaults : new ImageTokenOptions
        {
            IsStatic = image.Get(Mode) == "static",
            StaticTokens = Positive(image.Get(ImageStatic), StaticToken, defaults.StaticTokens),
            Factor = Positive(image.Get(Dynamic), Factor, defaults.Factor),
            DefaultWidth = Positive(size, Width, defaults.DefaultWidth),
            DefaultHeight = Positive(size, Height, defaults.DefaultHeight),
        };
    }

    private static VideoTokenOptions ReadVideo(FieldValues? video)
    {
        FieldValues? size = video?.Get(Resolution);
        FieldValues? tokens = video?.Get(TokensPerFrame);
        FieldValues? frames = video?.Get(Frames);
        FieldValues? sampled = frames?.Get(Sampled);
        FieldValues? strided = frames?.Get(Strided);
        VideoTokenOptions defaults = new();
        return video is null ? defaults : new VideoTokenOptions
        {
            DefaultWidth = Positive(size, Width, defaults.DefaultWidth),
            DefaultHeight = Positive(size, Height, defaults.DefaultHeight),
            DefaultDurationSeconds = Positive(video, Duration, defaults.DefaultDurationSeconds),
            IsStatic = tokens?.Get(Mode) == "static",
            StaticTokensPerFrame = Positive(tokens?.Get(FrameStatic), FrameToken, defaults.StaticTokensPerFrame),
            Factor = Positive(tokens?.Get(Dynamic), Factor, defaults.Factor),
            IsStrided = frames?.Get(FrameMode) == "strided",
            SampleFps = Positive(sampled, SampleFps, defaults.SampleFps),
            TemporalPatchSize = sampled?.Get(PatchSize) ?? 0,
            DefaultSourceFps = Positive(strided, SourceFps, defaults.DefaultSourceFps),
            FrameStride = Positive(strided, Stride, defaults.FrameStride),
            MinFrames = frames?.Get(MinFrames) ?? 0,
            MaxFrames = frames?.Get(MaxFrames) ?? 0,
            MaxTokens = video.Get(MaxTokens),
        };
    }

    private static int Positive(FieldValues? values, IntegerField field, int fallback) => values?.Get(field) is > 0 and int value ? value : fallback;

    private static double Positive(FieldValues? values, NumberField field, double fallback) => values?.Get(field) is > 0 and double value ? value : fallback;
}
