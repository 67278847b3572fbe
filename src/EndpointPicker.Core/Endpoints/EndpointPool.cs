namespace EndpointPicker.Core.Endpoints;

/// <summary>
/// The endpoints that may be picked. Readers take <see cref="Current"/> once and see one immutable set; discovery is the one writer.
/// </summary>
public sealed class EndpointPool(string name)
{
    // Protects membership changes: discovery writes from one task, but tests and reloads may overlap.
    private readonly Lock _writer = new();
    private volatile PoolSnapshot _current = new([], 0);
    private volatile bool _synced;

    /// <summary>Raised under the writer's lock after an endpoint has joined.</summary>
    public event Action<Endpoint>? Joined;

    /// <summary>Raised under the writer's lock after an endpoint has left and before its slot can be given to another.</summary>
    public event Action<Endpoint>? Left;

    /// <summary>The pool's name, as metrics show it.</summary>
    public string Name { get; } = name;

    /// <summary>The members now.</summary>
    public PoolSnapshot Current => _current;

    /// <summary>Whether discovery has delivered a first set; an empty one counts.</summary>
    public bool Synced => _synced;

    /// <summary>
    /// Makes <paramref name="desired"/> the membership. An endpoint with the same namespace, name, addresses and incarnation stays the same object and
    /// takes the new labels; all others are new.
    /// </summary>
    /// <param name="desired">The whole new set.</param>
    public void Replace(IReadOnlyList<EndpointDescription> desired) => Replace(desired, synced: true);

    /// <summary>Leaves the pool without members and as if discovery had never delivered: what defines it is gone.</summary>
    public void Forget() => Replace([], synced: false);

    private void Replace(IReadOnlyList<EndpointDescription> desired, bool synced)
    {
        lock (_writer)
        {
            Dictionary<(string, string), Endpoint> present = [];
            foreach (Endpoint endpoint in _current.Endpoints)
            {
                present[(endpoint.Namespace, endpoint.Name)] = endpoint;
            }

            Endpoint?[] members = new Endpoint?[desired.Count];
            for (int i = 0; i < desired.Count; i++)
            {
                EndpointDescription description = desired[i];
                if (present.TryGetValue((description.Namespace, description.Name), out Endpoint? endpoint) && Same(endpoint, description))
                {
                    endpoint.Relabel(description.Labels);
                    present.Remove((description.Namespace, description.Name));
                    members[i] = endpoint;
                }
            }

            HashSet<int> taken = [];
            foreach (Endpoint? member in members)
            {
                if (member is not null)
                {
                    taken.Add(member.Slot);
                }
            }

            List<Endpoint> joined = [];
            int next = 0;
            for (int i = 0; i < members.Length; i++)
            {
                if (members[i] is null)
                {
                    while (!taken.Add(next))
                    {
                        next++;
                    }

                    members[i] = new Endpoint(desired[i], next);
                    joined.Add(members[i]!);
                }
            }

            int slots = taken.Count == 0 ? 0 : taken.Max() + 1;
            foreach (Endpoint gone in present.Values)
            {
                Left?.Invoke(gone);
            }

            _current = new PoolSnapshot(members!, slots);
            _synced = synced;
            foreach (Endpoint endpoint in joined)
            {
                Joined?.Invoke(endpoint);
            }
        }
    }

    private static bool Same(Endpoint endpoint, EndpointDescription description) =>
        endpoint.Address.Equals(description.Address)
        && endpoint.MetricsAddress.Equals(description.MetricsAddress ?? description.Address)
        && endpoint.Rank == description.Rank
        && endpoint.Incarnation == description.Incarnation;
}
