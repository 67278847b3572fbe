using EndpointPicker.Hosting;
using Testing;

namespace EndpointPicker.Tests.Hosting;

public sealed class SupervisedLoopTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<Exception> _told = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _fourth = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runs;

    [Fact]
    public async Task Run_ThatEndsAtOnce_IsToldAndRunAgainOnlyAfterThePause()
    {
        Task running = Start(_ => Task.CompletedTask);

        Assert.Equal(1, _runs);
        _time.Advance(SupervisedLoop.Pause - TimeSpan.FromTicks(1));
        Assert.Equal(1, _runs);
        await AdvanceToFourthAsync();

        Assert.All(_told, fault => Assert.IsType<InvalidOperationException>(fault));
        await StopAsync(running);
    }

    [Fact]
    public async Task Run_ThatThrows_IsToldAndRunAgainAfterThePause()
    {
        Task running = Start(_ => throw new NotSupportedException("a bug"));

        Assert.Equal(1, _runs);
        Assert.Equal("a bug", Assert.Single(_told).Message);
        await AdvanceToFourthAsync();

        await StopAsync(running);
    }

    [Fact]
    public async Task Run_CancelledByItsOwnDoing_IsAFault()
    {
        Task running = Start(_ => throw new OperationCanceledException("a budget"));

        Assert.Equal("a budget", Assert.Single(_told).Message);
        await StopAsync(running);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_AskedToEnd_EndsWithoutAWord(bool throws)
    {
        Task running = Start(async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, token).ConfigureAwait(throws ? ConfigureAwaitOptions.None : ConfigureAwaitOptions.SuppressThrowing);
        });
        Assert.False(running.IsCompleted);

        await StopAsync(running);

        Assert.Empty(_told);
        Assert.Equal(1, _runs);
    }

    private Task Start(Func<CancellationToken, Task> run) => new SupervisedLoop(_told.Add, _time).RunAsync(
        token =>
        {
            if (++_runs == 4)
            {
                _fourth.SetResult();
            }

            return run(token);
        },
        _stop.Token);

    private async Task AdvanceToFourthAsync()
    {
        while (!_fourth.Task.IsCompleted)
        {
            if (_time.PendingTimers > 0)
            {
                int before = _runs;
                _time.Advance(SupervisedLoop.Pause);
                await Polled(() => _runs > before);
                Assert.Equal(before + 1, _runs);
            }

            await Task.Yield();
        }
    }

    private static Task Polled(Func<bool> condition) => Task.Run(async () =>
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }).DefaultTimeout();

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running.DefaultTimeout();
        _stop.Dispose();
    }
}
