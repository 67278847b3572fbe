using EndpointPicker.Demo.Screen;

namespace EndpointPicker.Demo.Tests.Screen;

public sealed class FinalTableTests
{
    [Fact]
    public void Lines_Run_EveryFigureStandsBesideItsCounterpart() =>
        Assert.Equal(Expected, string.Join('\n', FinalTable.Lines(Samples.Comparison, TimeSpan.FromSeconds(20)).Select(line => line.ToString())));

    private const string Expected = """
                                         round robin        picker   the picker is
          requests sent                           45            45
          answered                                40            40
          failed                                   0             0
          not answered in time                     5             5
          prompt tokens from cache              40 %          80 %   2.0x better
          prompt tokens to compute            24,000         8,000   3.0x better
          time to first token    mean         420 ms        110 ms   3.8x better
                                 p50          419 ms        109 ms   3.8x better
                                 p95          437 ms        127 ms   3.4x better
                                 p99          439 ms        129 ms   3.4x better
          time per output token  mean          24 ms         24 ms   as good
                                 p50           24 ms         24 ms   as good
                                 p95           27 ms         27 ms   as good
                                 p99           28 ms         28 ms   as good
          whole answer           mean         1.60 s        1.29 s   1.2x better
                                 p50          1.59 s        1.28 s   1.2x better
                                 p95          1.77 s        1.46 s   1.2x better
                                 p99          1.79 s        1.48 s   1.2x better
          output tokens/s                        100           100   as good
          busiest pod's requests                50 %          50 %
          LoRA adapter loads                       1             1
        """;
}
