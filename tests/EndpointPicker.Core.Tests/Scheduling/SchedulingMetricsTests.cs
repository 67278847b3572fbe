using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Tests.RequestControl;

namespace EndpointPicker.Core.Tests.Scheduling;

public sealed class SchedulingMetricsTests
{
    [Fact]
    public void Attempted_MoreModelsThanTheBudget_AreCountedAsOther()
    {
        using MetricsRecorder recorder = new();
        SchedulingMetrics sut = new(recorder, TimeProvider.System);
        for (int i = 0; i < 1500; i++)
        {
            sut.Attempted(null, new InferenceRequest { TargetModel = $"model-{i}" });
        }

        sut.Attempted(null, new InferenceRequest { TargetModel = "model-7" });
        string[] lines = recorder.Of("llm_d_epp_scheduler_attempts_total");
        Assert.Equal(1501, lines.Length);
        Assert.Equal(1001, lines.Distinct().Count());
        Assert.Equal(500, lines.Count(line => line.Contains("target_model_name=other,", StringComparison.Ordinal)));
        Assert.Contains("target_model_name=model-7,", lines[^1], StringComparison.Ordinal);
        sut.Attempted(null, new InferenceRequest { TargetModel = "canary", TargetIsConfigured = true });
        Assert.Contains("target_model_name=canary,", recorder.Of("llm_d_epp_scheduler_attempts_total")[^1], StringComparison.Ordinal);
    }
}
