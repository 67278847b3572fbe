namespace EndpointPicker.Cluster.Api;

/// <summary>
/// Pauses between attempts: chosen evenly between nothing and a ceiling that doubles, so that the clients of a server that comes back do not come
/// back all at once. See <see href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential Backoff And Jitter</see>.
/// </summary>
internal sealed class Backoff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    // After an outage of any length the pool is right again within this. A picker has a dozen watches, so that it need not wait as controllers do.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestAsked = TimeSpan.FromSeconds(30);

    private TimeSpan _ceiling = First;

    /// <summary>The next pause.</summary>
    /// <param name="asked">What the server asks for; obeyed up to half a minute.</param>
    public TimeSpan Next(TimeSpan? asked = null)
    {
        TimeSpan pause = _ceiling * random.NextDouble();
        _ceiling = _ceiling * 2 < Longest ? _ceiling * 2 : Longest;
        TimeSpan least = asked is not { } wanted ? TimeSpan.Zero : wanted < LongestAsked ? wanted : LongestAsked;
        return pause > least ? pause : least;
    }

    /// <summary>Hears of a success: the next pause is a short one.</summary>
    public void Reset() => _ceiling = First;
}
