using System.Text;
using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Core.Endpoints;
using FsCheck;
using FsCheck.Fluent;
using Testing;

namespace EndpointPicker.Tests.DataLayer;

public class ExpositionReaderTests
{
    // The smallest page that a compliant server prints (data-metrics-deploy 1.10).
    private const string SmallestPage = """
        # TYPE vllm:num_requests_waiting gauge
        vllm:num_requests_waiting{model_name="m"} 3
        # TYPE vllm:num_requests_running gauge
        vllm:num_requests_running{model_name="m"} 5
        # TYPE vllm:kv_cache_usage_perc gauge
        vllm:kv_cache_usage_perc{model_name="m"} 0.42
        # TYPE vllm:lora_requests_info gauge
        vllm:lora_requests_info{max_lora="4",running_lora_adapters="a,b",waiting_lora_adapters=""} 1.7556e+09
        # TYPE vllm:cache_config_info gauge
        vllm:cache_config_info{block_size="16",num_gpu_blocks="1024"} 1
        """;

    private static readonly EngineMetrics Engine = new()
    {
        Name = "own",
        QueuedRequests = new MetricSpec("q", []),
        RunningRequests = new MetricSpec("r", [("kind", "busy"), ("zone", "")]),
        Custom = [new CustomMetric("heat", new MetricSpec("t", [])), new CustomMetric("fan", new MetricSpec("t", [("of", "fan \"1\"\n\\")]))],
    };

    [Theory]
    [InlineData("\n", true)]
    [InlineData("\n", false)]
    [InlineData("\r\n", true)]
    [InlineData("\r\n", false)]
    public void Read_SmallestPage_HasAllSignals(string newline, bool finalNewline)
    {
        EndpointSignals signals = new PageRun().Read(SmallestPage.ReplaceLineEndings(newline) + (finalNewline ? newline : ""))!;

        Assert.Equal("3 5 0.42 [a,b] [] 4 16 1024", EngineCaptureTests.Describe(signals));
    }

    [Fact]
    public void Read_NameThatOnlyBeginsAlike_IsNotTaken()
    {
        PageRun run = new();

        EndpointSignals? signals = run.Read("vllm:num_requests_waiting_by_reason{reason=\"capacity\"} 9\nvllm:num_requests_waitin 8\nvllm:num_requests_running 1\n");

        Assert.Null(signals!.WaitingRequests);
        Assert.Equal(1, signals.RunningRequests);
        Assert.True(run.Missing);
    }

    [Theory]
    [InlineData("q 7", 7)]
    [InlineData("q\t7", 7)]
    [InlineData("q{} 7", 7)]
    [InlineData("q{a=\"}\",b=\"\\\"} 9\"} 7", 7)]
    [InlineData("q{ a = \"1\" , } 7 1700000000000", 7)]
    [InlineData("q{a=\"1\"}7", 7)]
    [InlineData("q 7.9", 7)]
    [InlineData("q +7e0", 7)]
    [InlineData("q 7 1700000000.5 # {trace_id=\"x\"} 1 1.2", 7)]
    [InlineData("q{a=\"1\"} 7 # {trace_id=\"x\"} 0.5", 7)]
    [InlineData("q -3", 0)]
    [InlineData("q 1e300", int.MaxValue)]
    [InlineData("q NaN", null)]
    [InlineData("q +Inf", null)]
    [InlineData("q -Inf", null)]
    [InlineData("q seven", null)]
    [InlineData("q", null)]
    [InlineData("q{a=\"1\" 7", null)]
    [InlineData("q{a=\"1} 7", null)]
    [InlineData("q{a=\"1\\", null)]
    [InlineData("q 7 then", null)]
    [InlineData("# q 7", null)]
    [InlineData("q_total 7", null)]
    [InlineData("# TYPE q histogram\nq 7", null)]
    [InlineData("# TYPE q summary\nq{quantile=\"0.5\"} 7", null)]
    [InlineData("# TYPE q counter\nq 7", 7)]
    [InlineData("# TYPE q untyped\nq 7", 7)]
    [InlineData("# TYPE q unknown\nq 7\nq_created 1.7e9\n# EOF", 7)]
    [InlineData("# HELP q histogram\nq 7", 7)]
    public void Read_OneLine_HasTheValue(string lines, int? expected)
    {
        EndpointSignals? signals = new PageRun(custom: Engine).Read(lines + "\nr{kind=\"busy\"} 1");

        Assert.Equal(expected, signals!.WaitingRequests);
        Assert.Equal(1, signals.RunningRequests);
    }

    [Fact]
    public void Read_Matchers_TakeOnlySeriesWithThoseLabelValues()
    {
        EndpointSignals signals = new PageRun(custom: Engine).Read(
            """
            r{kind="idle"} 1
            r{kind="busy",zone="a"} 2
            r{zone="",kind="busy"} 4
            t{of="fan \"1\"\n\\"} 8
            """)!;

        Assert.Equal(4, signals.RunningRequests);
        Assert.Equal(8, signals.Custom["fan"]);
        Assert.Equal(8, signals.Custom["heat"]);
    }

    [Fact]
    public void Read_CustomMetric_IsTheNewestSampleAndTheFirstAmongEquals()
    {
        PageRun run = new(custom: Engine);

        Assert.Equal(3, run.Read("t{n=\"0\"} 9\nt{n=\"1\"} 3 200\nt{n=\"2\"} 5 200\nt{n=\"3\"} 7 100")!.Custom["heat"]);
        Assert.Equal(9, run.Read("t{n=\"0\"} 9\nt{n=\"1\"} 3")!.Custom["heat"]);
        Assert.DoesNotContain("fan", run.Read("t{n=\"0\"} 9")!.Custom.Keys);
    }

    [Theory]
    [InlineData("q{engine=\"0\"} 2\nq{engine=\"1\"} 3", 5)]
    [InlineData("q{engine=\"1\",m=\"x\"} 3\nq{m=\"x\",engine=\"0\"} 2", 5)]
    [InlineData("q{tp_rank=\"0\",pp_rank=\"0\"} 2\nq{tp_rank=\"1\",pp_rank=\"0\"} 3\nq{tp_rank=\"0\",pp_rank=\"1\"} 1", 3)]
    [InlineData("q{dp_rank=\"0\",tp_rank=\"0\"} 2\nq{dp_rank=\"1\",tp_rank=\"1\"} 3", 5)]
    [InlineData("q{engine=\"0\"} 2 100\nq{engine=\"1\"} 3 200", 3)]
    [InlineData("q{engine=\"0\"} 2\nq{engine=\"1\"} NaN", 2)]
    public void Read_SeveralSeries_CountEachEngineOnce(string page, int expected) =>
        Assert.Equal(expected, new PageRun(custom: Engine).Read(page)!.WaitingRequests);

    [Fact]
    public void Read_UnchangedPage_GivesTheSameObject()
    {
        PageRun run = new();
        EndpointSignals first = run.Read(SmallestPage)!;

        Assert.Same(first, run.Read(SmallestPage));
        EndpointSignals changed = run.Read(SmallestPage.Replace("} 5", "} 6"))!;
        Assert.NotSame(first, changed);
        Assert.Same(first.RunningAdapters, changed.RunningAdapters);
    }

    [Fact]
    public void Read_UnchangedCapture_AllocatesNothing()
    {
        byte[] page = File.ReadAllBytes(Fixtures.Require("engines", "vllm-0.32.0", "data-parallel-2", "metrics", "03-lora-running.txt"));
        PageRun run = new();
        for (int i = 0; i < 5; i++)
        {
            run.Read(page, 1000);
        }

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                run.Read(page, 1000);
            }
        });
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Read_EmptyPageOrForeignOne_HasNoSignals()
    {
        Assert.Null(new PageRun().Read(""));
        Assert.Null(new PageRun().Read("<html>\n<body>vllm:num_requests_waiting 3</body>\n"));
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(int.MaxValue)]
    public void Read_HugeLine_IsSkippedHoweverItArrives(int pieceSize)
    {
        PageRun run = new(custom: Engine);
        string huge = $"q{{a=\"{new string('x', 3_000_000)}\"}} 9\n";
        byte[] page = Encoding.UTF8.GetBytes(huge + "r{kind=\"busy\"} 1\n");

        EndpointSignals? signals = run.Read(page, pieceSize);

        Assert.Null(signals!.WaitingRequests);
        Assert.Equal(1, signals.RunningRequests);
    }

    [Fact]
    public void Read_AnySplit_SaysTheSame()
    {
        byte[] page = Encoding.UTF8.GetBytes(SmallestPage);
        Property property = Prop.ForAll(
            Gen.Choose(0, page.Length).ListOf().ToArbitrary(),
            cuts => EngineCaptureTests.Describe(new PageRun().ReadPieces(page, cuts)) == "3 5 0.42 [a,b] [] 4 16 1024");
        Check.One(Config.QuickThrowOnFailure, property);
    }

    [Fact]
    public void Read_DamagedPages_NeverThrow()
    {
        byte[] page = Encoding.UTF8.GetBytes(SmallestPage + "\nvllm:num_requests_waiting{engine=\"\\n\",x=\"\\\\\"} 1 2 # {a=\"b\"} 3\n");
        Random random = new(17);
        PageRun run = new();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = (byte[])page.Clone();
            for (int i = random.Next(1, 12); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"{}\"\\\n,= \t#0eN"[random.Next(13)];
            }

            int length = random.Next(damaged.Length + 1);
            EndpointSignals? signals = run.Read(damaged.AsSpan(0, length), random.Next(1, 64));
            Assert.True(signals is not { WaitingRequests: < 0 } and not { KvCacheUsage: < 0 or > 1 });
        }
    }
}
