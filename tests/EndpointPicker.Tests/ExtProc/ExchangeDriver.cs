using System.Buffers;
using EndpointPicker.ExtProc;
using EndpointPicker.LoadGenerator.Rules;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Testing;

namespace EndpointPicker.Tests.ExtProc;

/// <summary>Plays Envoy against one exchange and lets <see cref="EnvoyRules"/> judge every answer.</summary>
internal sealed class ExchangeDriver
{
    private readonly Exchange _exchange;

    public ExchangeDriver(EnvoyRulesOptions rules, ExtProcOptions? options = null, IRequestControl? control = null)
    {
        Rules = new EnvoyRules(rules);
        _exchange = new Exchange(control ?? Control, options ?? new ExtProcOptions(), Time, NullLogger.Instance);
        _exchange.Start(Output);
    }

    public ScriptedControl Control { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public RecordedOutput Output { get; } = new();

    public EnvoyRules Rules { get; }

    public List<ProcessingResponse> Answers { get; } = [];

    public bool Ended { get; private set; }

    public string Fault => _exchange.Fault;

    /// <summary>Sends messages that one read brings together; nothing more once the stream has ended.</summary>
    public async Task<ExchangeStep> SendAsync(params ProcessingRequest[] messages)
    {
        ExchangeStep step = ExchangeStep.Continue;
        foreach (ProcessingRequest message in messages)
        {
            Rules.OnSent(message);
            step = await _exchange.TakeAsync(new ReadOnlySequence<byte>(message.ToByteArray()));
            if (step != ExchangeStep.Continue)
            {
                break;
            }
        }

        Collect();
        if (step != ExchangeStep.Continue || _exchange.ShouldEnd())
        {
            Ended = true;
            Rules.OnEnded(step != ExchangeStep.Invalid);
            _exchange.End(byUs: step != ExchangeStep.Invalid);
            return step;
        }

        _exchange.Flushed();
        return step;
    }

    /// <summary>Lets the process drain while the stream waits for messages.</summary>
    public void Drain()
    {
        _exchange.IsDraining = true;
        if (_exchange.ShouldEnd())
        {
            Ended = true;
            Rules.OnEnded(ok: true);
            _exchange.End(byUs: true);
        }
    }

    /// <summary>Ends the stream from the proxy's side, as after the HTTP request's end or its client's departure.</summary>
    public void Leave()
    {
        if (!Ended)
        {
            Ended = true;
            _exchange.End(byUs: false);
        }
    }

    /// <summary>Keeps the exchange's memory for another stream, as the pool does.</summary>
    public void Recycle()
    {
        _exchange.Reset();
        _exchange.Start(Output);
        Ended = false;
    }

    public void Collect()
    {
        foreach (ProcessingResponse answer in Output.Take())
        {
            Answers.Add(answer);
            Rules.OnReceived(answer);
        }
    }
}
