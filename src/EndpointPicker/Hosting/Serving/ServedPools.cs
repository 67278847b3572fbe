using EndpointPicker.Core.RequestControl;
using EndpointPicker.Hosting.CommandLine;

namespace EndpointPicker.Hosting.Serving;

/// <summary>
/// The pools that the process serves: those of the command line from the start, and where a selector finds them, others that come and go. There
/// is always one: without any pool, an empty one whose requests get a 503.
/// </summary>
internal sealed class ServedPools : IHostedService, IDisposable
{
    private readonly ServedPoolFactory _factory;
    private readonly PoolDirectory _directory;

    // Protects the list of pools and whether they run: discovery adds and removes while the process starts or stops.
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly string _nameWithoutPools;
    private ServedPool? _placeholder;
    private volatile ServedPool[] _all;
    private bool _running;

    public ServedPools(ServedPoolFactory factory, PoolDirectory directory, EppOptions options)
    {
        _factory = factory;
        _directory = directory;
        _all = [.. options.Pools.Select(factory.Create)];
        _nameWithoutPools = options.PoolName;
        Publish();
    }

    /// <summary>The pools; empty where a selector has found none.</summary>
    public IReadOnlyList<ServedPool> All => _all;

    /// <summary>The pool of requests that name none.</summary>
    public ServedPool Default => _all is [{ } first, ..] ? first : _placeholder!;

    /// <summary>Begins to serve one more pool.</summary>
    /// <param name="name">Its name; not one that is served.</param>
    /// <param name="cancellationToken">Ends the wait for other changes.</param>
    /// <returns>The pool, to be given its endpoints.</returns>
    public async Task<ServedPool> AddAsync(string name, CancellationToken cancellationToken)
    {
        ServedPool? made = null;
        await ChangeAsync(
            async () =>
            {
                made = _factory.Create(name);
                if (_running)
                {
                    await made.StartAsync(cancellationToken);
                }

                // By name, so that which is the default does not depend on which was seen first.
                _all = [.. _all.Append(made).OrderBy(pool => pool.Name, StringComparer.Ordinal)];
                Publish();
            },
            cancellationToken);
        return made!;
    }

    /// <summary>Serves a pool no longer. Requests that are under way go on to their ends.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="cancellationToken">Ends the waits.</param>
    public Task RemoveAsync(ServedPool pool, CancellationToken cancellationToken) => ChangeAsync(
        async () =>
        {
            _all = [.. _all.Where(each => each != pool)];
            Publish();
            await pool.StopAsync(cancellationToken);
            pool.Dispose();
        },
        cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => ChangeAsync(
        async () =>
        {
            _running = true;
            foreach (ServedPool pool in _all)
            {
                await pool.StartAsync(cancellationToken);
            }
        },
        cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => ChangeAsync(
        async () =>
        {
            _running = false;
            foreach (ServedPool pool in _all)
            {
                await pool.StopAsync(cancellationToken);
            }
        },
        cancellationToken);

    public void Dispose()
    {
        foreach (ServedPool pool in _all)
        {
            pool.Dispose();
        }

        _placeholder?.Dispose();
        _changing.Dispose();
    }

    private async Task ChangeAsync(Func<Task> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            await change();
        }
        finally
        {
            _changing.Release();
        }
    }

    private void Publish()
    {
        ServedPool? former = _placeholder;
        _placeholder = _all.Length > 0 ? null : former ?? _factory.Create(_nameWithoutPools);
        _directory.Replace([.. (_placeholder is null ? _all : [_placeholder]).Select(pool => pool.Directed)]);
        if (_placeholder is null)
        {
            former?.Dispose();
        }
    }
}
