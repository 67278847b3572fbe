using System.Globalization;
using System.IO.Compression;
using System.Text;
using EndpointPicker.Core.Endpoints;
using Testing;

namespace EndpointPicker.Tests.DataLayer;

public class EngineCaptureTests
{
    public static TheoryData<string> Pages()
    {
        TheoryData<string> pages = [];
        if (Fixtures.Root is { } root)
        {
            string engines = Path.Combine(root, "engines");
            foreach (string file in Directory.EnumerateFiles(engines, "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                if (Path.GetFileName(Path.GetDirectoryName(file)) == "metrics")
                {
                    pages.Add(Path.GetRelativePath(engines, file));
                }
            }
        }
        else
        {
            pages.Add("vllm-0.32.0/metrics/02-running-and-waiting.txt");
        }

        return pages;
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Read_Capture_AgreesWithAPlainReader(string path)
    {
        string text = File.ReadAllText(Fixtures.Require("engines", path));
        string engine = path.StartsWith("sglang", StringComparison.Ordinal) ? "sglang" : "vllm";
        PlainMetricsPage plain = new(text);
        int? waiting = plain.Sum(engine == "vllm" ? "vllm:num_requests_waiting" : "sglang:num_queue_reqs");
        int? running = plain.Sum(engine == "vllm" ? "vllm:num_requests_running" : "sglang:num_running_reqs");

        PageRun run = new(engine);
        EndpointSignals? signals = run.Read(text);

        Assert.NotNull(signals);
        Assert.Equal(waiting, signals.WaitingRequests);
        Assert.Equal(running, signals.RunningRequests);
        Assert.Equal(plain.Mean(engine == "vllm" ? "vllm:kv_cache_usage_perc" : "sglang:token_usage"), signals.KvCacheUsage);
        Assert.Equal(waiting is null || running is null, run.Missing);
    }

    [Theory]
    [InlineData("vllm-0.32.0/metrics/01-idle-at-start.txt", 0, 0, 0.0, "", 0, 32, 64)]
    [InlineData("vllm-0.32.0/metrics/02-running-and-waiting.txt", 8, 4, 0.06349206349206349, "", 2, 32, 64)]
    [InlineData("vllm-0.32.0/metrics/05-kv-cache-nearly-full.txt", 2, 4, 0.9523809523809523, "", 2, 32, 64)]
    [InlineData("vllm-0.32.0/metrics/06-kv-cache-preemption.txt", 3, 1, 0.33333333333333337, "", 2, 32, 64)]
    [InlineData("vllm-0.32.0/metrics/08-lora-one-running.txt", 0, 1, 0.04761904761904767, "lora-a", 2, 32, 64)]
    [InlineData("vllm-0.32.0/metrics/09-lora-two-running-third-waiting.txt", 1, 2, 0.09523809523809523, "lora-a,lora-b", 2, 32, 64)]
    [InlineData("vllm-0.32.0/metrics/10-lora-mixed-queue.txt", 12, 4, 0.06349206349206349, "lora-a,lora-b", 2, 32, 64)]
    [InlineData("vllm-0.32.0/metrics/11-lora-idle-after.txt", 0, 0, 0.0, "", 2, 32, 64)]
    [InlineData("vllm-0.32.0/metrics/12-base-model-running-after-loras.txt", 0, 1, 0.015873015873015928, "", 2, 32, 64)]
    [InlineData("vllm-0.23.0/metrics/05-kv-cache-nearly-full.txt", 3, 3, 1.0, "", 2, 16, 128)]
    [InlineData("vllm-0.23.0/metrics/10-lora-mixed-queue.txt", 12, 4, 0.06299212598425197, "lora-a,lora-d", 2, 16, 128)]
    [InlineData("vllm-0.32.0/options/metrics/overloaded.txt", 2, 1, 0.15873015873015872, "", 0, 32, 64)]
    [InlineData("vllm-0.32.0/pooling/metrics/after-embeddings.txt", 0, 0, 0.0, "", 0, 32, 64)]
    [InlineData("vllm-0.32.0/prefill-decode/metrics/prefill.txt", 0, 0, 0.015873015873015928, "", 0, 32, 64)]
    [InlineData("vllm-0.32.0/api-server-count-2/metrics/02-running-and-waiting.txt", 12, 4, 0.06349206349206349, "", 2, 32, 64)]
    [InlineData("vllm-0.32.0/api-server-count-2/metrics/03-lora-running.txt", 4, 4, 0.06349206349206349, "lora-a,lora-b", 2, 32, 64)]
    [InlineData("vllm-0.32.0/api-server-count-2/metrics/04-idle-after.txt", 0, 0, 0.0, "", 2, 32, 64)]
    [InlineData("vllm-0.32.0/data-parallel-2/metrics/02-running-and-waiting.txt", 12, 8, (0.06349206349206349 + 0.19047619047619047) / 2, "", 2, 32, 64)]
    [InlineData("vllm-0.32.0/data-parallel-2/metrics/03-lora-running.txt", 1, 4, (0.25396825396825395 + 0.7619047619047619) / 2, "lora-b", 2, 32, 64)]
    [InlineData("vllm-0.32.0/data-parallel-2/metrics/04-idle-after.txt", 0, 0, 0.0, "", 2, 32, 64)]
    [InlineData("vllm-0.32.0/data-parallel-2-one-api-server/metrics/03-lora-running.txt", 0, 8, (0.07936507936507942 + 0.06349206349206349) / 2, "lora-a,lora-b", 2, 32, 64)]
    [InlineData("sglang-0.5.23/metrics/02-running-and-waiting.txt", 8, 4, 0.09, "", 0, 16, 128)]
    [InlineData("sglang-0.5.23/metrics/05-kv-cache-nearly-full.txt", 4, 2, 0.88, "", 0, 16, 128)]
    public void Read_Capture_HasTheNumbersInTheFile(
        string path, int waiting, int running, double kvUsage, string adapters, int maxAdapters, int blockSize, int blocks)
    {
        EndpointSignals signals = new PageRun(Engine(path)).Read(File.ReadAllBytes(Fixtures.Require("engines", path)))!;

        Assert.Equal(waiting, signals.WaitingRequests);
        Assert.Equal(running, signals.RunningRequests);
        Assert.Equal(kvUsage, signals.KvCacheUsage);
        Assert.Equal(adapters, string.Join(',', signals.RunningAdapters));
        Assert.Equal(adapters, string.Join(',', signals.WaitingAdapters));
        Assert.Equal(maxAdapters, signals.MaxAdapters);
        Assert.Equal(blockSize, signals.CacheBlockSize);
        Assert.Equal(blocks, signals.CacheBlocks);
    }

    [Theory]
    [InlineData("vllm-0.32.0/api-server-count-2/metrics/01-idle-at-start.txt")]
    [InlineData("vllm-0.32.0/data-parallel-2/metrics/01-idle-at-start.txt")]
    public void Read_GaugesNotThereYet_AreAbsentNotZero(string path)
    {
        PageRun run = new();
        EndpointSignals signals = run.Read(File.ReadAllBytes(Fixtures.Require("engines", path)))!;

        Assert.Null(signals.WaitingRequests);
        Assert.Null(signals.RunningRequests);
        Assert.Null(signals.KvCacheUsage);
        Assert.Equal(64, signals.CacheBlocks);
        Assert.True(run.Missing);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Read_CaptureInPieces_SaysTheSame(string path)
    {
        byte[] page = File.ReadAllBytes(Fixtures.Require("engines", path));
        string whole = Describe(new PageRun(Engine(path)).Read(page));

        foreach (int size in new[] { 1, 7, 4096, 65535 })
        {
            Assert.Equal(whole, Describe(new PageRun(Engine(path)).Read(page, size)));
        }
    }

    [Fact]
    public void Read_SglangOpenMetrics_HasTheSameSignalsAsItsText()
    {
        byte[] raw = File.ReadAllBytes(Fixtures.Require("engines", "sglang-0.5.23", "http", "metrics-openmetrics.response.http"));
        byte[] page = Gunzip(Dechunk(raw));
        string text = Encoding.UTF8.GetString(page);
        Assert.EndsWith("# EOF\n", text);
        PlainMetricsPage plain = new(text);

        EndpointSignals signals = new PageRun("sglang").Read(page)!;

        Assert.Equal(plain.Sum("sglang_num_queue_reqs"), signals.WaitingRequests);
        Assert.Equal(plain.Sum("sglang_num_running_reqs"), signals.RunningRequests);
        Assert.Equal(plain.Mean("sglang_token_usage"), signals.KvCacheUsage);
        Assert.Equal(16, signals.CacheBlockSize);
        Assert.NotNull(signals.WaitingRequests);
    }

    internal static string Describe(EndpointSignals? s) => s is null
        ? "none"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{s.WaitingRequests} {s.RunningRequests} {s.KvCacheUsage:R} [{string.Join(',', s.RunningAdapters)}] [{string.Join(',', s.WaitingAdapters)}] {s.MaxAdapters} {s.CacheBlockSize} {s.CacheBlocks}");

    private static string Engine(string path) => path.StartsWith("sglang", StringComparison.Ordinal) ? "sglang" : "vllm";

    private static byte[] Dechunk(byte[] raw)
    {
        int at = raw.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        using MemoryStream body = new();
        while (true)
        {
            int end = at + raw.AsSpan(at).IndexOf("\r\n"u8);
            int size = int.Parse(Encoding.ASCII.GetString(raw, at, end - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return body.ToArray();
            }

            body.Write(raw, end + 2, size);
            at = end + 2 + size + 2;
        }
    }

    private static byte[] Gunzip(byte[] bytes)
    {
        using GZipStream gzip = new(new MemoryStream(bytes), CompressionMode.Decompress);
        using MemoryStream plain = new();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
