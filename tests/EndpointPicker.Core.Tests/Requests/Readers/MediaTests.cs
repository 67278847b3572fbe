using System.Text;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Readers;

namespace EndpointPicker.Core.Tests.Requests.Readers;

public sealed class MediaTests
{
    // Headers written by hand from the formats' specifications: 1920x1080 is 2025 tokens of 1024 pixels, 640x360 the default of 225.
    private static readonly Dictionary<string, byte[]> Images = new()
    {
        ["png"] = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 7, 0x80, 0, 0, 4, 0x38, 8, 2, 0, 0, 0],
        ["gif"] = [.. "GIF89a"u8, 0x80, 7, 0x38, 4, 0, 0, 0],
        ["webp-vp8x"] = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 0x7F, 7, 0, 0x37, 4, 0, 0, 0],
        ["webp-vp8"] = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8, 0, 0, 0, 0, 0, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 7, 0x38, 4, 0, 0],
        ["webp-vp8l"] = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8L"u8, 0, 0, 0, 0, 0x2F, 0x7F, 0xC7, 0x0D, 0x01, 0, 0, 0, 0, 0, 0],
        ["jpeg"] = [0xFF, 0xD8, 0xFF, 0xE1, 0x4E, 0x22, .. new byte[20000], 0xFF, 0xC4, 0, 3, 9, 0xFF, 0xFF, 0xC2, 0, 17, 8, 4, 0x38, 7, 0x80, 3, 0],
        ["jpeg-without-frame"] = [0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 0xFF, 0xC0, 0, 17, 8, 4, 0x38, 7, 0x80],
        ["nothing"] = [1, 2, 3],
    };

    [Theory]
    [InlineData("png", 2025)]
    [InlineData("gif", 2025)]
    [InlineData("webp-vp8x", 2025)]
    [InlineData("webp-vp8", 2025)]
    [InlineData("webp-vp8l", 2025)]
    [InlineData("jpeg", 2025)]
    [InlineData("jpeg-without-frame", 225)]
    [InlineData("nothing", 225)]
    public void Finish_ImageAsDataUrl_CountsByItsSize(string image, int tokens)
    {
        string url = "data:image/x;base64," + Convert.ToBase64String(Images[image]);
        string body = $$$"""{"messages":[{"role":"u","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"{{{url}}}"}},{"type":"text","text":"b"}]}]}""";
        string hash = XxHash64.Hash(Encoding.UTF8.GetBytes(url)).ToString("x16", null);
        foreach (int piece in new[] { 1, 3, 1000, int.MaxValue })
        {
            ReaderRun run = ReaderRun.Of(RequestApi.ChatCompletions, body, piece);

            Assert.Null(run.Error);
            Assert.Equal(1, run.Request.MediaParts);
            Assert.Equal(["Messages ua", $"Messages media {hash} {tokens}", "Messages b"], run.Prompt);
        }
    }

    [Fact]
    public void Finish_AnthropicImage_CountsByItsBareBase64()
    {
        string data = Convert.ToBase64String(Images["png"]);
        ReaderRun run = ReaderRun.Of(
            RequestApi.AnthropicMessages,
            $$$"""{"messages":[{"role":"u","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{data}}}"}}]}]}""",
            5);

        Assert.Equal(["Messages u", $"Messages media {XxHash64.Hash(Encoding.UTF8.GetBytes(data)):x16} 2025"], run.Prompt);
    }

    [Fact]
    public void Finish_ImageInResponsesInput_IsLeftOutOfTheJsonAroundIt()
    {
        const string Body = """{"input":[{"role":"user","content":[{"type":"input_image","image_url":"https://x/y.png"},{"type":"input_text","text":"q"}]}]}""";
        for (int piece = 1; piece <= Body.Length; piece++)
        {
            ReaderRun run = ReaderRun.Of(RequestApi.Responses, Body, piece);

            Assert.Null(run.Error);
            Assert.Equal(
                [
                    """Messages [{"role":"user","content":[{"type":"input_image","image_url":""",
                    $"Messages media {XxHash64.Hash("https://x/y.png"u8):x16} 225",
                    """Messages },{"type":"input_text","text":"q"}]}]""",
                ],
                run.Prompt);
        }
    }

    [Fact]
    public void Finish_Audio_CountsATokenForFourBytesOfDataAndFormat()
    {
        ReaderRun run = ReaderRun.Of(
            RequestApi.ChatCompletions,
            """{"messages":[{"content":[{"type":"input_audio","input_audio":{"data":"QUJDREVG","format":"wav"}}]}]}""",
            1);

        Assert.Equal([$"Messages media {XxHash64.Hash("QUJDREVGwav"u8):x16} 3"], run.Prompt);
    }

    // Frames by the specification: 10 s at 2 a second are 20 of 225 tokens unless headers say otherwise.
    [Theory]
    [InlineData(null, null, 4500)]
    [InlineData("30", null, 13500)]
    [InlineData("0.9", "1024x1024", 1024)]
    [InlineData("x", "0x9", 4500)]
    [InlineData("0.1", null, 1)]
    public void Finish_Video_CountsByItsHeaders(string? duration, string? resolution, int tokens)
    {
        ReaderRun run = ReaderRun.Of(
            RequestApi.ChatCompletions,
            """{"messages":[{"content":[{"type":"video_url","video_url":{"url":"v"}}]}]}""",
            prepare: request =>
            {
                Add("x-llm-d-video-duration-seconds", duration);
                Add("x-llm-d-video-resolution", resolution);

                void Add(string name, string? value)
                {
                    if (value is not null)
                    {
                        request.Headers.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
                    }
                }
            });

        Assert.Equal([$"Messages media {XxHash64.Hash("v"u8):x16} {tokens}"], run.Prompt);
    }

    [Fact]
    public void Video_OtherModes_FollowTheOptions()
    {
        HeaderTable headers = new();
        headers.Add("x-llm-d-video-fps"u8, "30"u8);

        Assert.Equal(100, Video(new VideoTokenOptions { IsStrided = true, FrameStride = 3, IsStatic = true }));
        Assert.Equal(150, Video(new VideoTokenOptions { IsStrided = true, FrameStride = 3, IsStatic = true, MinFrames = 150 }));
        Assert.Equal(16, Video(new VideoTokenOptions { IsStatic = true, MaxFrames = 8, StaticTokensPerFrame = 2 }));
        Assert.Equal(10, Video(new VideoTokenOptions { IsStatic = true, TemporalPatchSize = 2 }));
        Assert.Equal(7, Video(new VideoTokenOptions { MaxTokens = 7 }));

        int Video(VideoTokenOptions options) => new TokenEstimate(new TokenEstimateOptions { Video = options }).Video(headers);
    }

    [Fact]
    public void Image_StaticMode_CountsTheConstant() =>
        Assert.Equal(9, new TokenEstimate(new TokenEstimateOptions { Image = new ImageTokenOptions { IsStatic = true, StaticTokens = 9 } }).Image(5000, 5000));

    [Fact]
    public void Finish_WithoutSink_StillCountsMedia()
    {
        JsonRequestReader reader = new(new RequestReadingOptions(), new ModelNames(16));
        InferenceRequest request = new();
        reader.Begin(RequestApi.ChatCompletions, request, null);
        reader.Append("""{"messages":[{"content":[{"image_url":{"url":"a"}},{"input_audio":{"data":"b"}}]}]}"""u8);

        Assert.Null(reader.Finish(cut: false));
        Assert.Equal(2, request.MediaParts);
    }
}
