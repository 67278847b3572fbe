using System.Threading.Channels;
using ModelServerSimulator.Engine;
using ModelServerSimulator.Metrics;

namespace ModelServerSimulator.Tests.Fidelity;

/// <summary>The requests of a measured run through the engine, in virtual time: when each one's first and last token came, and the gauges each second.</summary>
internal sealed class SimulatedRun
{
    private readonly MeasuredRun _measured;
    private readonly ManualTime _time = new();
    private readonly InferenceEngine _engine;
    private readonly DateTimeOffset _start;
    private readonly Channel<GeneratedToken> _tokens = Channel.CreateUnbounded<GeneratedToken>();

    private SimulatedRun(MeasuredRun measured, EngineOptions options)
    {
        _measured = measured;
        _engine = new InferenceEngine(options, _time);
        _start = _time.GetUtcNow();
        FirstTokens = new double[measured.Requests.Count];
        LastTokens = new double[measured.Requests.Count];
    }

    public double[] FirstTokens { get; }

    public double[] LastTokens { get; }

    public List<MeasuredRun.Second> Seconds { get; } = [];

    private double Now => (_time.GetUtcNow() - _start).TotalSeconds;

    public static SimulatedRun Of(MeasuredRun measured, EngineOptions options)
    {
        var run = new SimulatedRun(measured, options);
        run.Play();
        return run;
    }

    private void Play()
    {
        int next = 0;
        while (true)
        {
            for (; next < _measured.Requests.Count && _measured.Requests[next].Arrival <= Now; next++)
            {
                MeasuredRun.Request request = _measured.Requests[next];
                _engine.Submit(new Sequence(new SequenceRequest(request.Prompt, request.OutputTokens), _tokens.Writer, next));
            }

            if (_engine.BeginStep() is { } duration)
            {
                _time.Advance(duration);
                _engine.CompleteStep();
                Observe();
            }
            else if (next < _measured.Requests.Count)
            {
                // A tick more, since a time span is cut to ticks and would stop short of the arrival for ever.
                _time.Advance(TimeSpan.FromSeconds(_measured.Requests[next].Arrival - Now) + TimeSpan.FromTicks(1));
            }
            else
            {
                return;
            }
        }
    }

    private void Observe()
    {
        while (_tokens.Reader.TryRead(out GeneratedToken token))
        {
            LastTokens[token.Sequence] = Now;
            if (FirstTokens[token.Sequence] == 0)
            {
                FirstTokens[token.Sequence] = Now;
            }
        }

        EngineLoad load = _engine.Load;
        while (Seconds.Count + 1 <= Now)
        {
            Seconds.Add(new MeasuredRun.Second(Seconds.Count + 1, load.Running, load.Waiting, 100 * load.CacheUsage));
        }
    }
}
