using System.Diagnostics.Metrics;
using EndpointPicker.Grpc;
using Testing;

namespace EndpointPicker.Tests.Grpc;

public sealed class StreamMetricsTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly List<string> _recorded = [];

    [Fact]
    public async Task Call_Measured_CountsOpenEndedAndDuration()
    {
        using MeterFactory factory = new(this);
        using MeterListener listener = Listen();
        StreamMetrics metrics = new(factory, _clock);
        GrpcMethod measured = new DelegateMethod(
            "/t.T/Measured",
            _ =>
            {
                _clock.Advance(TimeSpan.FromSeconds(2));
                return ValueTask.FromResult(GrpcStatus.InvalidArgument("no"));
            },
            measured: true);
        GrpcMethod other = new DelegateMethod("/t.T/Other", _ => ValueTask.FromResult(GrpcStatus.Ok));
        await using (GrpcTestServer server = await GrpcTestServer.StartAsync(new GrpcTestSetup { Methods = [measured, other], Clock = _clock, Metrics = metrics }))
        {
            using GrpcTestClient client = new(server.Port);
            await client.SendAsync("/t.T/Other", []);
            await client.SendAsync("/t.T/Measured", []);
        }

        Assert.Equal(
            [
                "llm_d_epp_extproc_streams_inflight 1", "llm_d_epp_extproc_streams_inflight -1",
                "llm_d_epp_extproc_stream_duration_seconds 2", "llm_d_epp_extproc_streams_total 1 code=InvalidArgument",
            ],
            _recorded);
    }

    private MeterListener Listen()
    {
        MeterListener listener = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == this)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument.Name, value, tags));
        listener.Start();
        return listener;
    }

    private void Record(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = string.Concat(tags.ToArray().Select(tag => $" {tag.Key}={tag.Value}"));
        _recorded.Add($"{name} {value}{labels}");
    }

    private sealed class MeterFactory(object scope) : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            // The scope keeps meters of tests that run beside this one apart.
            Meter meter = new(new MeterOptions(options.Name) { Scope = scope });
            _meters.Add(meter);
            return meter;
        }

        public void Dispose() => _meters.ForEach(meter => meter.Dispose());
    }
}
