using System.IO.Compression;
using System.Text;
using System.Text.Json;
using EndpointPicker.Demo.Traces;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Tests.Traces;

public sealed class TraceFileTests : IDisposable
{
    private const string Mooncake = """
        {"timestamp": 0, "input_length": 1100, "output_length": 5, "hash_ids": [7, 8, 9]}
        {"timestamp": 3000, "input_length": 1030, "output_length": 0, "hash_ids": [7, 8, 10]}
        {"timestamp": 60000, "input_length": 512, "output_length": 6, "hash_ids": [8]}
        """;

    private const string Agents = """
        {"timestamp": 5000000, "input": "second of b", "output": "12345678", "session_id": "b"}
        {"timestamp": 1000000, "input": "first of a", "output": "", "session_id": "a"}
        {"timestamp": 2000000, "input": "first of b", "output": "1234", "session_id": "b"}
        {"timestamp": 90000000, "input": "third of b", "output": "1234", "session_id": "b"}
        """;

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Read_Mooncake_SharedIdsBecomeSharedBeginnings()
    {
        Workload workload = Read(Mooncake);

        PlannedSession[] sessions = [.. workload.Sessions];
        string[] prompts = [.. sessions.Select(session => Body(session.Turns[0]).GetProperty("prompt").GetString()!)];
        Assert.Equal([1100, 1030, 512], prompts.Select(prompt => prompt.Split(' ').Length - 1));
        Assert.Equal(prompts[0][..(1024 * 4)], prompts[1][..(1024 * 4)]);
        Assert.NotEqual(prompts[0][(1024 * 4)..][..24], prompts[1][(1024 * 4)..]);
        Assert.Equal(prompts[0][(512 * 4)..(1024 * 4)], prompts[2]);
        Assert.Equal([5, 1, 6], sessions.Select(session => Body(session.Turns[0]).GetProperty("max_tokens").GetInt32()));
        Assert.Equal(1105, workload.LongestContext);
        Assert.False(workload.IsClosedLoop);
    }

    [Fact]
    public void Read_Mooncake_EveryTimeMovesWithinItsStepAndEveryReadMovesItAlike()
    {
        TimeSpan[] starts = [.. Read(Mooncake).Sessions.Select(session => session.Start)];

        Assert.Equal(TimeSpan.Zero, starts[0]);
        Assert.InRange(starts[1], TimeSpan.Zero, TimeSpan.FromSeconds(6));
        Assert.InRange(starts[2], TimeSpan.FromSeconds(57), TimeSpan.FromSeconds(63));
        Assert.NotEqual(0, starts[1].Ticks % TimeSpan.TicksPerSecond);
        Assert.Equal(starts, Read(Mooncake).Sessions.Select(session => session.Start));
    }

    [Fact]
    public void Read_Agents_SessionsWaitForAnswersAndPausesAreCut()
    {
        Workload workload = Read(Agents);

        PlannedSession[] sessions = [.. workload.Sessions];
        Assert.True(workload.IsClosedLoop);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(1)], sessions.Select(session => session.Start));
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10)], sessions[1].Turns.Select(turn => turn.Gap));
        Assert.Equal(["first of b", "second of b", "third of b"], sessions[1].Turns.Select(turn => Body(turn).GetProperty("messages")[0].GetProperty("content").GetString()));
        Assert.Equal([1, 2, 1], sessions[1].Turns.Select(turn => Body(turn).GetProperty("max_tokens").GetInt32()));
        Assert.Equal(1, Body(sessions[0].Turns[0]).GetProperty("max_tokens").GetInt32());
    }

    [Fact]
    public void Read_Azure_LengthsAndTimesButNothingShared()
    {
        Workload workload = Read("TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9799600,40,10\r\n2023-11-16 18:17:04.0319600,40,8\r\n");

        PlannedSession[] sessions = [.. workload.Sessions];
        string[] prompts = [.. sessions.Select(session => Body(session.Turns[0]).GetProperty("prompt").GetString()!)];
        Assert.Equal([40, 40], prompts.Select(prompt => prompt.Split(' ').Length - 1));
        Assert.NotEqual(prompts[0][..16], prompts[1][..16]);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromMilliseconds(52)], sessions.Select(session => session.Start));
        Assert.Equal(50, workload.LongestContext);
    }

    [Fact]
    public void Read_Aibrix_EveryRequestOfAMomentIsSent()
    {
        Workload workload = Read("""
            {"timestamp": 21, "requests": [{"Prompt Length": 2, "Output Length": 22, "prompt": "one"}, {"Prompt Length": 2, "Output Length": 3, "prompt": "two"}]}
            {"timestamp": 1021, "requests": [{"Prompt Length": 2, "Output Length": 4, "prompt": "three"}]}
            """);

        PlannedSession[] sessions = [.. workload.Sessions];
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(1)], sessions.Select(session => session.Start));
        Assert.Equal(["one", "two", "three"], sessions.Select(session => Body(session.Turns[0]).GetProperty("messages")[0].GetProperty("content").GetString()));
        Assert.Equal([22, 3, 4], sessions.Select(session => Body(session.Turns[0]).GetProperty("max_tokens").GetInt32()));
    }

    [Fact]
    public void Read_ShareGpt_TokenIdsArePrompts()
    {
        Workload workload = Read("""
            {"input_toks": 3, "output_toks": 2, "arrival_time_ns": 46926808, "input_tok_ids": [5, 6, 7], "output_tok_ids": [1, 2]}
            {"input_toks": 1, "output_toks": 9, "arrival_time_ns": 2046926808, "input_tok_ids": [5], "output_tok_ids": [1, 2]}
            """);

        PlannedSession[] sessions = [.. workload.Sessions];
        Assert.Equal([5, 6, 7], Body(sessions[0].Turns[0]).GetProperty("prompt").EnumerateArray().Select(token => token.GetInt32()));
        Assert.Equal(TimeSpan.FromSeconds(2), sessions[1].Start);
        Assert.Equal(10, workload.LongestContext);
    }

    [Fact]
    public void Read_Faster_StartsAndPausesShrink()
    {
        PlannedSession[] sessions = [.. Read(Agents, speed: 4).Sessions];

        Assert.Equal(TimeSpan.FromSeconds(0.25), sessions[1].Start);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(0.75), TimeSpan.FromSeconds(2.5)], sessions[1].Turns.Select(turn => turn.Gap));
    }

    [Fact]
    public void Read_Gzip_IsToldByContent()
    {
        using (var zip = new GZipStream(File.Create(_path), CompressionLevel.Fastest))
        {
            zip.Write(Encoding.UTF8.GetBytes(Mooncake));
        }

        Assert.Equal(3, TraceFile.Read(_path, 1).Sessions.Count());
    }

    [Fact]
    public void Within_LongRequests_AreLeftOutWithTheirSessions() =>
        Assert.Equal(2, Read(Mooncake).Within(1100).Sessions.Count());

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("a,b,c", ":1: no known trace begins so; expected one of")]
    [InlineData("""{"prompt": "x"}""", ":1: no known trace begins so; expected one of")]
    [InlineData(Mooncake + "\n{\"timestamp\": 1", ":4: this is not JSON; expected {\"timestamp\": ms")]
    [InlineData(Mooncake + "\n[1]", ":4: this is not a JSON object; expected")]
    [InlineData(Mooncake + "\n\n{\"timestamp\": 1, \"input_length\": 513, \"output_length\": 1, \"hash_ids\": [1]}", ":5: 1 hash_ids do not make an input_length of 513; expected")]
    [InlineData(Mooncake + "\n{\"timestamp\": -1, \"input_length\": 5, \"output_length\": 1, \"hash_ids\": [1]}", ":4: timestamp is not a time (a whole number); expected")]
    [InlineData(Mooncake + "\n{\"timestamp\": 1, \"input_length\": 5, \"hash_ids\": [1]}", ":4: there is no output_length; expected")]
    [InlineData(Mooncake + "\n{\"timestamp\": 1, \"input_length\": 5, \"output_length\": 1, \"hash_ids\": [\"x\"]}", ":4: hash_ids is not a list of whole numbers; expected")]
    [InlineData(Agents + "\n{\"timestamp\": 1, \"input\": 5, \"output\": \"\", \"session_id\": \"a\"}", ":5: input is not text; expected")]
    [InlineData("TIMESTAMP,ContextTokens,GeneratedTokens", ":1: there are no requests; expected")]
    [InlineData("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,4", ":2: 2 fields; expected a time")]
    [InlineData("TIMESTAMP,ContextTokens,GeneratedTokens\nnoon,4,4", ":2: \"noon\" is not a time; expected a time")]
    [InlineData("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,4,x", ":2: \"x\" is not a number of tokens; expected a time")]
    [InlineData("{\"timestamp\": 1, \"requests\": [{\"prompt\": \"x\"}]}", ":1: there is no Output Length; expected")]
    [InlineData("{\"arrival_time_ns\": 1, \"input_tok_ids\": [], \"output_toks\": 1}", ":1: input_tok_ids is empty; expected")]
    public void Read_BadFile_IsNamedWithLineAndWhatWasExpected(string text, string message)
    {
        TraceException problem = Assert.Throws<TraceException>(() => Read(text));

        Assert.StartsWith(_path, problem.Message, StringComparison.Ordinal);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFile_IsNamed() => Assert.Contains("/no/such/file", Assert.Throws<TraceException>(() => TraceFile.Read("/no/such/file", 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_BrokenGzip_IsNamed()
    {
        File.WriteAllBytes(_path, [0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

        Assert.StartsWith(_path, Assert.Throws<TraceException>(() => TraceFile.Read(_path, 1)).Message, StringComparison.Ordinal);
    }

    private Workload Read(string text, double speed = 1)
    {
        File.WriteAllText(_path, text);
        return TraceFile.Read(_path, speed);
    }

    private static JsonElement Body(PlannedTurn turn)
    {
        using var document = JsonDocument.Parse(turn.Body.Value);
        return document.RootElement.Clone();
    }
}
