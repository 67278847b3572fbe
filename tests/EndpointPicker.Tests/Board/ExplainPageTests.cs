using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using EndpointPicker.Core.RequestControl;
using Microsoft.AspNetCore.Http;
using Testing;

namespace EndpointPicker.Tests.Board;

public sealed class ExplainPageTests : IDisposable
{
    private readonly ExplainFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Get_AfterAPick_TellsAllOfIt()
    {
        DateTimeOffset before = DateTimeOffset.UtcNow;
        await _fixture.PickAsync("id-1", ExplainFixture.Chat("sql", new string('x', 400)));
        JsonElement decision = Assert.Single((await _fixture.DecisionsAsync()).EnumerateArray());

        Assert.Equal("id-1", decision.GetProperty("requestId").GetString());
        Assert.Equal("10.0.0.1:8000", decision.GetProperty("picked").GetString());
        Assert.Equal("10.0.0.2:8000", decision.GetProperty("runnerUp").GetString());
        Assert.Equal(2, decision.GetProperty("margin").GetDouble());
        Assert.Equal("10.0.0.1:8000 scored 4.5, 2 ahead of 10.0.0.2:8000, mostly by queue-scorer (+2)", decision.GetProperty("why").GetString());
        Assert.Equal("default", decision.GetProperty("profile").GetString());
        Assert.False(decision.GetProperty("fallback").GetBoolean());
        Assert.InRange(decision.GetProperty("time").GetDateTimeOffset(), before, DateTimeOffset.UtcNow);
        Assert.Equal("""{"name":"epp","endpoints":4,"subset":null,"outsideSubset":0,"candidates":4,"notShown":0}""", decision.GetProperty("pool").GetRawText());

        JsonElement[] candidates = [.. decision.GetProperty("candidates").EnumerateArray()];
        Assert.Equal(
            """{"waiting":1,"running":2,"kvCacheUsage":0.25,"maxAdapters":2,"runningAdapters":["sql"],"waitingAdapters":[],"holdsTargetModel":true}""",
            candidates[1].GetProperty("signals").GetRawText());
        Assert.Equal("""{"raw":0.75,"weighted":1.5}""", candidates[1].GetProperty("scores").GetProperty("kv-cache-utilization-scorer").GetRawText());
        Assert.Equal(("by-label", "label role=encode, not decode"), (candidates[2].GetProperty("removedBy").GetString(), candidates[2].GetProperty("removedBecause").GetString()));
        Assert.False(candidates[2].TryGetProperty("scores", out _));
        Assert.Equal("never scraped", candidates[3].GetProperty("signalState").GetString());
        Assert.Equal(JsonValueKind.Null, candidates[3].GetProperty("signalAgeSeconds").ValueKind);
        Assert.Equal(JsonValueKind.Null, candidates[3].GetProperty("signals").GetProperty("waiting").ValueKind);
    }

    [Fact]
    public async Task Get_SentenceOfAPick_IsReadableAsItComes()
    {
        await _fixture.PickAsync("a", ExplainFixture.Chat("sql", "x"));

        Assert.Contains("mostly by queue-scorer (+2)", ExplainFixture.Text(await _fixture.SendAsync("GET", "", [])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_SecondOfTheSamePrompt_TellsWhatIsHeld()
    {
        byte[] body = ExplainFixture.Chat("sql", new string('x', 4000));
        await _fixture.PickAsync("a", body);
        await _fixture.PickAsync("b", body);
        JsonElement decision = (await _fixture.DecisionsAsync("?requestId=b"))[0];
        JsonElement held = decision.GetProperty("candidates")[0];

        Assert.Equal(decision.GetProperty("promptBlocks").GetInt32(), held.GetProperty("prefixBlocks").GetInt32());
        Assert.Equal(held.GetProperty("prefixBlocks").GetInt32() * decision.GetProperty("blockTokens").GetInt32(), held.GetProperty("prefixTokens").GetInt32());
        Assert.True(held.GetProperty("prefixBlocks").GetInt32() > 10);
        Assert.Equal(0, decision.GetProperty("candidates")[1].GetProperty("prefixBlocks").GetInt32());
        Assert.Contains("mostly by prefix-cache-scorer (+3)", decision.GetProperty("why").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?last=2", "c,b")]
    [InlineData("?requestId=a", "a")]
    [InlineData("?model=m2", "b")]
    [InlineData("?model=rewritten", "c")]
    [InlineData("?picked=pod-0&model=m1", "a")]
    [InlineData("?picked=10.0.0.2:8000", "")]
    [InlineData("?endpoint=10.0.0.4:8000&last=1", "c")]
    [InlineData("?endpoint=pod-9", "")]
    [InlineData("?reason=scheduled", "c,b,a")]
    [InlineData("?reason=Shed", "")]
    [InlineData("?pool=epp&last=1", "c")]
    [InlineData("?pool=another", "")]
    public async Task Get_Filtered_ListsThose(string query, string ids)
    {
        await _fixture.PickAsync("a", ExplainFixture.Chat("m1", "x"));
        await _fixture.PickAsync("b", ExplainFixture.Chat("m2", "x"));
        await _fixture.PickAsync("c", ExplainFixture.Chat("m3", "x"), ("x-llm-d-model-name-rewrite", "rewritten"));

        Assert.Equal(ids, string.Join(',', (await _fixture.DecisionsAsync(query)).EnumerateArray().Select(decision => decision.GetProperty("requestId").GetString())));
    }

    [Theory]
    [InlineData("?last=0")]
    [InlineData("?last=many")]
    [InlineData("?last=1&last=2")]
    [InlineData("?reason=Luck")]
    [InlineData("?reason=3")]
    [InlineData("?model=")]
    [InlineData("?color=red")]
    public async Task Get_BadQuery_SaysWhatThereIs(string query)
    {
        HttpContext answer = await _fixture.SendAsync("GET", query, []);

        Assert.Equal(400, answer.Response.StatusCode);
        Assert.StartsWith(query[1..].Split('=')[0] + ": ", ExplainFixture.Text(answer), StringComparison.Ordinal);
        Assert.Contains("requestId=ID", ExplainFixture.Text(answer), StringComparison.Ordinal);
        Assert.Contains("DeadlineExceeded", ExplainFixture.Text(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_HostileModelName_IsEscaped()
    {
        await _fixture.PickAsync("\"><script>", ExplainFixture.Chat("</script><script>alert(1)//\\u0000", "x"));
        string page = ExplainFixture.Text(await _fixture.SendAsync("GET", "", []));

        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Equal("</script><script>alert(1)//\0", JsonDocument.Parse(page).RootElement.GetProperty("decisions")[0].GetProperty("model").GetString());
    }

    [Fact]
    public async Task Get_Ruled_TellsByWhat()
    {
        _fixture.Rules.ReplaceObjectives(new Dictionary<string, int> { ["batch"] = -1 });
        _fixture.Rules.ReplaceRewrites([new ModelRewrite("canary", ["base"], [new ModelRewriteTarget("sql", 1)])]);
        await _fixture.PickAsync("a", ExplainFixture.Chat("base", "x"), ("x-llm-d-inference-objective", "batch"));
        await _fixture.PickAsync("b", ExplainFixture.Chat("other", "x"), ("x-llm-d-inference-objective", "none"));
        JsonElement[] decisions = [.. (await _fixture.DecisionsAsync()).EnumerateArray()];

        string[] fields = ["model", "targetModel", "rewrite", "objective", "priority", "prioritySource"];
        Assert.Equal(
            ["other other  none 0 default", "base sql canary batch -1 objective"],
            decisions.Select(decision => string.Join(' ', fields.Select(name => decision.GetProperty(name).ToString()))));
        Assert.EndsWith("; model base rewritten to sql by rewrite canary; priority -1 by objective batch", decisions[1].GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.True(decisions[1].GetProperty("candidates")[0].GetProperty("signals").GetProperty("holdsTargetModel").GetBoolean());
        Assert.Contains(
            "inference_extension_model_rewrite_decisions_total{model_rewrite_name=\"canary\",model_name=\"base\",target_model=\"sql\"} 1\n",
            await _fixture.MetricsAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_HostileModelOfAGenericRewrite_IsEscaped()
    {
        _fixture.Rules.ReplaceRewrites([new ModelRewrite("all", [], [new ModelRewriteTarget("sql", 1)])]);
        await _fixture.PickAsync("a", ExplainFixture.Chat("<script>", "x"), ("x-llm-d-inference-objective", "<script>"));

        Assert.DoesNotContain("<script>", ExplainFixture.Text(await _fixture.SendAsync("GET", "", [])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ClientThatDoesNotRead_HoldsADecisionAtATime()
    {
        await PickThriceAsync();
        Pipe page = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));
        Task written = _fixture.ListAsync(page.Writer);
        List<string> parts = [];
        while (true)
        {
            ReadResult read = await page.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().DefaultTimeout();
            string part = Encoding.UTF8.GetString(read.Buffer);
            parts.Add(part);
            if (part == "]}")
            {
                break;
            }

            page.Reader.AdvanceTo(read.Buffer.End);
        }

        await page.Reader.CompleteAsync();
        await written.DefaultTimeout();
        Assert.Equal(4, parts.Count);
        Assert.Equal(3, JsonDocument.Parse(string.Concat(parts)).RootElement.GetProperty("decisions").GetArrayLength());
    }

    [Fact]
    public async Task Get_ClientThatHasGone_EndsQuietlyAfterADecision()
    {
        await PickThriceAsync();
        AbandonedPage page = new();

        await _fixture.ListAsync(page).DefaultTimeout();

        Assert.Equal(1, page.Flushes);
    }

    [Fact]
    public async Task Put_IsRefusedWithWhatIsAllowed()
    {
        HttpContext answer = await _fixture.SendAsync("PUT", "", []);
        Assert.Equal((405, "GET, HEAD, POST"), (answer.Response.StatusCode, answer.Response.Headers.Allow.ToString()));
    }

    private async Task PickThriceAsync()
    {
        foreach (string id in new[] { "a", "b", "c" })
        {
            await _fixture.PickAsync(id, ExplainFixture.Chat("m", "x"));
        }
    }

    private sealed class AbandonedPage : PipeWriter
    {
        private readonly byte[] _memory = new byte[64 * 1024];

        public int Flushes { get; private set; }

        public override void Advance(int bytes)
        {
        }

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            Flushes++;
            return ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: true));
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _memory;

        public override Span<byte> GetSpan(int sizeHint = 0) => _memory;
    }
}
