using System.Globalization;
using System.Text.RegularExpressions;
using ModelServerSimulator.Metrics;
using ModelServerSimulator.Tests.Engine;
using Testing;

namespace ModelServerSimulator.Tests.Metrics;

/// <summary>The page against pages that a real vLLM printed.</summary>
public sealed partial class MetricsPageTests
{
    [Fact]
    public void Write_AgainstTheCapturedPage_SameFamiliesTypesHelpAndLabelNamesInTheSameOrder()
    {
        var rig = new EngineRig(EngineRig.Options);
        rig.Submit(adapter: "lora-a");
        rig.StepUntilIdle();

        List<string> captured = Shape(File.ReadAllText(Capture("10-lora-mixed-queue.txt")));
        List<string> written = Shape(rig.Page());

        Assert.True(captured.Count > 200);
        Assert.Equal(captured, written);
    }

    [Fact]
    public void Write_BeforeTheFirstStep_LoraFamilyWithoutSample()
    {
        Assert.Equal(Shape(File.ReadAllText(Capture("01-idle-at-start.txt"))), Shape(new EngineRig(EngineRig.Options).Page()));
    }

    [Fact]
    public void Number_EveryCapturedValue_IsPrintedAsItWas()
    {
        string[] values =
        [
            .. File.ReadLines(Capture("10-lora-mixed-queue.txt")).Where(line => !line.StartsWith('#')).Select(line => line[(line.LastIndexOf(' ') + 1)..]),
        ];

        Assert.True(values.Length > 300);
        Assert.All(values, value => Assert.Equal(value, PrometheusText.Number(double.Parse(value, CultureInfo.InvariantCulture))));
    }

    private static string Capture(string name) => Fixtures.Require("engines", "vllm-0.32.0", "metrics", name);

    // HELP and TYPE lines as they are; samples as name, label names and bucket bound, each run of the same once.
    private static List<string> Shape(string page)
    {
        var shape = new List<string>();
        foreach (string line in page.Split('\n'))
        {
            if (line.StartsWith("# HELP vllm:", StringComparison.Ordinal) || line.StartsWith("# TYPE vllm:", StringComparison.Ordinal))
            {
                shape.Add(line);
            }
            else if (line.StartsWith("vllm:", StringComparison.Ordinal))
            {
                string names = Sample().Match(line) is { Success: true } sample
                    ? sample.Groups["name"].Value + ' ' + string.Join(',', Label().Matches(sample.Groups["labels"].Value).Select(ShownLabel))
                    : line;
                if (shape[^1] != names)
                {
                    shape.Add(names);
                }
            }
        }

        return shape;
    }

    private static string ShownLabel(Match label) =>
        label.Groups["name"].Value is "le" or "reason" or "source" or "finished_reason" or "sleep_state" ? label.Value : label.Groups["name"].Value;

    [GeneratedRegex("""^(?<name>[a-z0-9_:]+)\{(?<labels>.*)\} \S+$""")]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>\w+)="[^"]*"(?=,|$)""")]
    private static partial Regex Label();
}
