using System.Text.Json;
using EndpointPicker.Hosting.Logging;
using Microsoft.Extensions.Logging;
using Testing;

namespace EndpointPicker.Tests.Hosting.Logging;

public sealed partial class JsonLinesProviderTests
{
    private readonly MemoryStream _output = new();

    [Theory]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "error")]
    public void Log_AnyLevel_IsOneLineOfJsonWithTheReferencesLevelName(LogLevel level, string name)
    {
        ILogger logger = CreateSut(LogLevel.Information).CreateLogger("EndpointPicker.ExtProc.Stream");
        Picked(logger, level, "10.0.0.7:8000", 3);
        JsonElement line = Assert.Single(Lines());
        Assert.Equal(name, line.GetProperty("level").GetString());
        Assert.Equal("ExtProc.Stream", line.GetProperty("logger").GetString());
        Assert.Equal("Picked", line.GetProperty("event").GetString());
        Assert.Equal("picked 10.0.0.7:8000 of 3", line.GetProperty("msg").GetString());
        Assert.Equal("10.0.0.7:8000", line.GetProperty("endpoint").GetString());
        Assert.Equal(3, line.GetProperty("candidates").GetInt32());
    }

    [Fact]
    public void Log_BelowTheMinimum_WritesNothing()
    {
        Picked(CreateSut(LogLevel.Information).CreateLogger("x"), LogLevel.Debug, "e", 1);
        Assert.Empty(Lines());
    }

    [Fact]
    public void Log_TheWebServersOwnDiagnostics_AreOff()
    {
        Assert.False(CreateSut(LogLevel.Trace).CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").IsEnabled(LogLevel.Critical));
        Assert.False(CreateSut(LogLevel.Information).CreateLogger("Microsoft.AspNetCore.Server.Kestrel").IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void Log_Exception_IsNamedWithItsStack()
    {
        CreateSut(LogLevel.Information).CreateLogger("x").Log(LogLevel.Error, default, "state", new InvalidOperationException("boom"), (state, _) => state);
        JsonElement line = Assert.Single(Lines());
        Assert.Equal("boom", line.GetProperty("error").GetString());
        Assert.Contains(nameof(InvalidOperationException), line.GetProperty("stacktrace").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Log_ValuesNamedAsKeysOfTheLine_KeepBoth()
    {
        Failed(CreateSut(LogLevel.Information).CreateLogger("x"), "timeout", 7, new InvalidOperationException("boom"));
        string text = System.Text.Encoding.UTF8.GetString(_output.ToArray());
        string[] keys = [.. System.Text.RegularExpressions.Regex.Matches(text, "[{,]\"([^\"]+)\":").Select(match => match.Groups[1].Value)];
        Assert.Equal(["level", "ts", "logger", "event", "msg", "error_", "level_", "error", "stacktrace"], keys);
        JsonElement line = Assert.Single(Lines());
        Assert.Equal(("timeout", "boom"), (line.GetProperty("error_").GetString(), line.GetProperty("error").GetString()));
        Assert.Equal(7, line.GetProperty("level_").GetInt32());
    }

    [Fact]
    public void Log_ValueNamedErrorWithoutException_KeepsItsName()
    {
        Failed(CreateSut(LogLevel.Information).CreateLogger("x"), "timeout", 7, null);
        Assert.Equal("timeout", Assert.Single(Lines()).GetProperty("error").GetString());
    }

    [Fact]
    public void Log_ValueCalledLikeAKeyword_KeepsItsNameInAnyOrder()
    {
        ILogger logger = CreateSut(LogLevel.Information).CreateLogger("x");
        Following(logger, "here", "pods");
        FollowingInAnotherOrder(logger, "here", "pods");

        Assert.Equal(["here", "here"], Lines().Select(line => line.GetProperty("namespace").GetString()));
    }

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "{Namespace}: {Kind}")]
    private static partial void Following(ILogger logger, string @namespace, string kind);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "{Kind} of {Namespace}")]
    private static partial void FollowingInAnotherOrder(ILogger logger, string @namespace, string kind);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "failed: {Error} at {Level}")]
    private static partial void Failed(ILogger logger, string error, int level, Exception? exception);

    [LoggerMessage(EventId = 1, Message = "picked {Endpoint} of {Candidates}")]
    private static partial void Picked(ILogger logger, LogLevel level, string endpoint, int candidates);

    private JsonLinesProvider CreateSut(LogLevel minimum) => new(_output, minimum, new ManualTimeProvider());

    private List<JsonElement> Lines()
    {
        List<JsonElement> lines = [];
        foreach (string line in System.Text.Encoding.UTF8.GetString(_output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            lines.Add(document.RootElement.Clone());
        }

        return lines;
    }
}
