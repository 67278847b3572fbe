using System.Text.Json;
using EndpointPicker.ExtProc;
using EndpointPicker.LoadGenerator.Rules;
using Envoy.Service.ExtProc.V3;
using Testing;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types;

namespace EndpointPicker.Tests.ExtProc;

/// <summary>What a real Envoy sent, byte for byte, in every mode.</summary>
public sealed class RecordingTests
{
    public static TheoryData<string> Files()
    {
        string? folder = Fixtures.Root is null ? null : Path.Combine(Fixtures.Root, "envoy", "recordings");
        return folder is null ? ["(none)"] : [.. Directory.GetFiles(folder, "*.jsonl").Select(path => Path.GetFileName(path)).Order()];
    }

    [Fact]
    public void Files_OfTheFixtures_AreAllThere()
    {
        Fixtures.Require("envoy", "recordings");
        Assert.InRange(Files().Count, 139, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Replay_OneMessageARead_KeepsEnvoysRules(string file) => await ReplayAsync(file, together: false, new ExtProcOptions());

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Replay_AllMessagesInOneRead_KeepsEnvoysRules(string file) => await ReplayAsync(file, together: true, new ExtProcOptions());

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Replay_WithRequestLifetime_KeepsEnvoysRules(string file) =>
        await ReplayAsync(file, together: false, new ExtProcOptions { Lifetime = StreamLifetime.Request });

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Replay_AsReference_KeepsEnvoysRules(string file) =>
        await ReplayAsync(file, together: false, new ExtProcOptions { Compatibility = WireCompatibility.Reference });

    private static async Task ReplayAsync(string file, bool together, ExtProcOptions options)
    {
        List<ProcessingRequest> messages = Read(Fixtures.Require("envoy", "recordings", file));
        BodySendMode requestMode = messages[0].ProtocolConfig?.RequestBodyMode ?? BodySendMode.Streamed;
        BodySendMode responseMode = messages[0].ProtocolConfig?.ResponseBodyMode ?? BodySendMode.Streamed;
        ExchangeDriver driver = new(
            new EnvoyRulesOptions
            {
                RequestBodyMode = requestMode,
                ResponseBodyMode = responseMode,
                ObservabilityMode = messages[0].ObservabilityMode,
            },
            options);

        if (together)
        {
            await driver.SendAsync([.. messages]);
        }
        else
        {
            foreach (ProcessingRequest message in messages.TakeWhile(_ => !driver.Ended))
            {
                await driver.SendAsync(message);
            }
        }

        Assert.Equal("", driver.Fault);
        bool complete = messages.Any(EndsRequest) || requestMode == BodySendMode.None;
        if (complete)
        {
            driver.Rules.Finish();
            Assert.True(driver.Rules.IsSettled);
        }

        Assert.Empty(driver.Rules.Violations);
        if (complete && !messages[0].ObservabilityMode)
        {
            byte[] requestBody = [.. messages.Where(m => m.RequestBody is not null).SelectMany(m => m.RequestBody.Body)];
            Assert.Equal(requestMode == BodySendMode.FullDuplexStreamed ? requestBody : [], driver.Rules.RequestBodySentBack);
        }

        driver.Leave();
        Assert.Single(driver.Control.Ends);
    }

    private static bool EndsRequest(ProcessingRequest message) =>
        message.RequestTrailers is not null || message.RequestHeaders is { EndOfStream: true } || message.RequestBody is { EndOfStream: true };

    private static List<ProcessingRequest> Read(string path)
    {
        List<ProcessingRequest> messages = [];
        foreach (string line in File.ReadLines(path))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("message", out JsonElement message))
            {
                messages.Add(ProcessingRequest.Parser.ParseFrom(message.GetBytesFromBase64()));
            }
        }

        return messages;
    }
}
