using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Plugins;

/// <summary>The <c>estimate</c> parameter of the token producer.</summary>
internal static class EstimateParameters
{
    public static readonly IntegerField Width = new("width", 640, "Pixels across; 0 means 640.") { Min = 0 };
    public static readonly IntegerField Height = new("height", 360, "Pixels down; 0 means 360.") { Min = 0 };
    public static readonly ObjectField Resolution = new("defaultResolution", new Schema(Width, Height), "The size where the content does not tell.");
    public static readonly TextField Mode = new("mode", "dynamic", "By size (dynamic) or the same for all (static).") { Allowed = ["dynamic", "static"] };
    public static readonly NumberField Factor = new("factor", 1024, "Pixels for one token; 0 means 1024.") { Min = 0 };
    public static readonly ObjectField Dynamic = new("dynamic", new Schema(Factor), "The mode dynamic.");

    public static readonly IntegerField StaticToken = new("staticToken", 1, "Tokens of every image; 0 means 1.") { Min = 0 };
    public static readonly ObjectField ImageStatic = new("static", new Schema(StaticToken), "The mode static.");
    public static readonly ObjectField Image = new("image", new Schema(Mode, Resolution, ImageStatic, Dynamic), "Images.");

    public static readonly IntegerField FrameToken = new("numTokensPerFrame", 1, "Tokens of every frame; 0 means 1.") { Min = 0 };
    public static readonly ObjectField FrameStatic = new("static", new Schema(FrameToken), "The mode static.");
    public static readonly ObjectField TokensPerFrame = new("tokensPerFrame", new Schema(Mode, FrameStatic, Dynamic), "Tokens of one frame.");

    public static readonly TextField FrameMode = new("mode", "sampled", "Frames by time (sampled) or every so many (strided).") { Allowed = ["sampled", "strided"] };
    public static readonly IntegerField MinFrames = new("minFrames", 0, "Frames at least; 0 for no limit.") { Min = 0 };
    public static readonly IntegerField MaxFrames = new("maxFrames", 0, "Frames at most; 0 for no limit.") { Min = 0 };
    public static readonly NumberField SampleFps = new("sampleFPS", 2, "Frames taken each second; 0 means 2.") { Min = 0 };
    public static readonly IntegerField PatchSize = new("temporalPatchSize", 0, "Frames that count as one; 0 for no grouping.") { Min = 0 };
    public static readonly ObjectField Sampled = new("sampled", new Schema(SampleFps, PatchSize), "The mode sampled.");
    public static readonly NumberField SourceFps = new("defaultSourceFPS", 24, "Frames each second where the request does not tell; 0 means 24.") { Min = 0 };
    public static readonly IntegerField Stride = new("frameStride", 1, "Of so many frames one counts; 0 means 1.") { Min = 0 };
    public static readonly ObjectField Strided = new("strided", new Schema(SourceFps, Stride), "The mode strided.");
    public static readonly ObjectField Frames = new("frames", new Schema(FrameMode, MinFrames, MaxFrames, Sampled, Strided), "Which frames count.");

    public static readonly NumberField Duration = new("defaultDuration", 10, "Seconds where the request does not tell; 0 means 10.") { Min = 0 };
    public static readonly IntegerField MaxTokens = new("maxVideoTokens", 0, "Tokens of one video at most; 0 for no limit.") { Min = 0 };
    public static readonly ObjectField Video = new("video", new Schema(Resolution, Duration, TokensPerFrame, Frames, MaxTokens), "Videos.");

    public static readonly ObjectField Estimate = new("estimate", new Schema(Image, Video), "How images and videos are estimated.");
}
