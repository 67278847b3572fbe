using System.Net;
using FunctionalTests.Harness;

namespace FunctionalTests.Rollouts;

/// <summary>A pod of a test's cluster, and the model server in it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ip">Its address, of the loopback range.</param>
/// <param name="Server">What runs in it.</param>
internal sealed record Pod(string Name, IPAddress Ip, ModelServer Server)
{
    /// <summary>From when on, in ticks of the machine's clock, no new request may reach it; far in the future while it is a member.</summary>
    public long GoneAt { get; set; } = long.MaxValue;

    /// <summary>Requests that are being served.</summary>
    public int Active => _active;

    private int _active;

    /// <summary>Answers as an ordinary server, and counts what is under way.</summary>
    public void CountRequests() => Server.Answer = async (context, request) =>
    {
        Interlocked.Increment(ref _active);
        try
        {
            await ModelServer.AnswerJsonAsync(context, request);
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    };
}
