using System.Buffers;

namespace ModelServerSimulator.Metrics;

/// <summary>Families of a vLLM page: the prefix, the engine and model labels, and the creation time beside every counter and histogram.</summary>
internal sealed class PageWriter(EngineMetrics metrics, IBufferWriter<byte> output)
{
    private readonly PrometheusText _text = new(output);
    private readonly string _engineAndModel = $"engine=\"{metrics.Rank}\",model_name=\"{metrics.Model}\"";

    public void Family(string name, string type, string help) => _text.Family("vllm:" + name, type, help);

    public void Sample(string name, string labels, double value) => _text.Sample("vllm:" + name, labels, value);

    public void Gauge(string name, string help, double value)
    {
        Family(name, "gauge", help);
        Sample(name, _engineAndModel, value);
    }

    public void Gauge(string name, string help, string label, params ReadOnlySpan<(string Text, double Value)> values)
    {
        Family(name, "gauge", help);
        foreach ((string text, double value) in values)
        {
            Sample(name, Labels(label, text), value);
        }
    }

    public void Counter(string name, string help, double value)
    {
        Family(name + "_total", "counter", help);
        Sample(name + "_total", _engineAndModel, value);
        Family(name + "_created", "gauge", help);
        Sample(name + "_created", _engineAndModel, metrics.StartedAt);
    }

    public void Counter(string name, string help, string label, params ReadOnlySpan<(string Text, double Value)> values) =>
        Counter(name, help, text => Labels(label, text), values);

    public void CounterWithoutEngine(string name, string help, string label, params ReadOnlySpan<(string Text, double Value)> values) =>
        Counter(name, help, text => $"model_name=\"{metrics.Model}\",{label}=\"{text}\"", values);

    public void Histogram(Histogram histogram)
    {
        Family(histogram.Name, "histogram", histogram.Help);
        for (int i = 0; i <= histogram.Bounds.Length; i++)
        {
            string bound = i == histogram.Bounds.Length ? "+Inf" : PrometheusText.Number(histogram.Bounds[i]);
            Sample(histogram.Name + "_bucket", Labels("le", bound), histogram.Cumulative(i));
        }

        Sample(histogram.Name + "_count", _engineAndModel, histogram.Count);
        Sample(histogram.Name + "_sum", _engineAndModel, histogram.Sum);
        Family(histogram.Name + "_created", "gauge", histogram.Help);
        Sample(histogram.Name + "_created", _engineAndModel, metrics.StartedAt);
    }

    private void Counter(string name, string help, Func<string, string> labels, ReadOnlySpan<(string Text, double Value)> values)
    {
        Family(name + "_total", "counter", help);
        foreach ((string text, double value) in values)
        {
            Sample(name + "_total", labels(text), value);
        }

        Family(name + "_created", "gauge", help);
        foreach ((string text, double _) in values)
        {
            Sample(name + "_created", labels(text), metrics.StartedAt);
        }
    }

    // Alphabetical, as the client library prints them.
    private string Labels(string label, string text) => string.CompareOrdinal(label, "model_name") < 0
        ? $"engine=\"{metrics.Rank}\",{label}=\"{text}\",model_name=\"{metrics.Model}\""
        : $"{_engineAndModel},{label}=\"{text}\"";
}
