using EndpointPicker.Demo.Screen;

namespace EndpointPicker.Demo.Tests.Screen;

public sealed class LivePageTests
{
    [Fact]
    public void Lines_Wide_SidesStandBesideEachOther() => Assert.Equal(Wide, Text(120, 40));

    [Fact]
    public void Lines_Narrow_SidesStandBelowEachOther() => Assert.Equal(Narrow, Text(72, 40));

    [Theory]
    [InlineData(40, 10)]
    [InlineData(80, 24)]
    [InlineData(99, 30)]
    [InlineData(100, 24)]
    [InlineData(160, 45)]
    [InlineData(250, 70)]
    public void Lines_AnySize_FitAndEndWithTheBoard(int width, int height)
    {
        IReadOnlyList<StyledLine> lines = LivePage.Lines(Samples.View, width, height);

        Assert.InRange(lines.Count, 1, height);
        Assert.All(lines, line => Assert.InRange(line.Width, 0, width));
        Assert.Contains("http://127.0.0.1:9090/board"[..Math.Min(27, width - 9)], lines[^1].ToString(), StringComparison.Ordinal);
    }

    private const string Wide = """
         EndpointPicker against round robin                                                                        23 s of 60 s
         12 requests/s; 2 servers each

         The picker's first tokens come 3.8 times sooner in the median and 3.4 times sooner at the 95th percentile: it finds
         80 % of the prompt tokens in a pod's cache, round robin 40 %.

         TIME TO FIRST TOKEN, median, last 15 s                       PROMPT TOKENS FOUND IN CACHE, last 15 s
         round robin  ██████████████ 419 ms                           round robin  █████▋ 40 %
         picker       ███▋ 109 ms  3.8 times sooner                   picker       ███████████▎ 80 %

         TIME TO FIRST TOKEN, 95th percentile, last 15 s              WHOLE ANSWER, median, last 15 s
         round robin  ██████████████ 437 ms                           round robin  ██████████████ 1.59 s
         picker       ████▏ 127 ms  3.4 times sooner                  picker       ███████████▎ 1.28 s  1.2 times sooner

         ROUND ROBIN   40 served, 5 under way, LoRA loads 1        │  PICKER   40 served, 5 under way, LoRA loads 1
         pod    under way   queue KV use cached TTFT p50    p95    │  pod    under way   queue KV use cached TTFT p50    p95
         pod-1  ███████  12     3   70 %   40 %   418 ms 436 ms    │  pod-1  █▊        3     0   20 %   80 %   108 ms 126 ms
         pod-2  ███▌      6     1   40 %   40 %   419 ms 437 ms    │  pod-2  █▏        2     0   30 %   80 %   109 ms 127 ms

         WHY   the picker's last decisions: score of the pick, score of the next best, what put it ahead
         lora-sql     -> pod-1     5.50  pod-2 3.25   prompt in its cache +2.25
         llama-8b     -> pod-2 scored 3.25, ahead of pod-1

         More at http://127.0.0.1:9090/board   Ctrl-C ends all of it
        """;

    private const string Narrow = """
         EndpointPicker against round robin                        23 s of 60 s
         12 requests/s; 2 servers each

         The picker's first tokens come 3.8 times sooner in the median and 3.4
         times sooner at the 95th percentile: it finds 80 % of the prompt
         tokens in a pod's cache, round robin 40 %.

         TIME TO FIRST TOKEN, median, last 15 s
         round robin  ████████████████████████████ 419 ms
         picker       ███████▎ 109 ms  3.8 times sooner
         PROMPT TOKENS FOUND IN CACHE, last 15 s
         round robin  ███████████▎ 40 %
         picker       ██████████████████████▍ 80 %

         ROUND ROBIN   40 served, 5 under way, LoRA loads 1
         pod    under way   queue KV use cached adapter TTFT p50    p95 all p50
         pod-1  ███████  12     3   70 %   40 %     sql   418 ms 436 ms  1.58 s
         pod-2  ███▌      6     1   40 %   40 % support   419 ms 437 ms  1.59 s

         PICKER   40 served, 5 under way, LoRA loads 1
         pod    under way   queue KV use cached adapter TTFT p50    p95 all p50
         pod-1  █▊        3     0   20 %   80 %     sql   108 ms 126 ms  1.27 s
         pod-2  █▏        2     0   30 %   80 %           109 ms 127 ms  1.28 s

         WHY   the picker's last decisions: score of the pick, score of the next
         lora-sql     -> pod-1     5.50  pod-2 3.25   prompt in its cache +2.25
         llama-8b     -> pod-2 scored 3.25, ahead of pod-1

         More at http://127.0.0.1:9090/board   Ctrl-C ends all of it
        """;

    private static string Text(int width, int height) => string.Join('\n', LivePage.Lines(Samples.View, width, height).Select(line => line.ToString()));
}
