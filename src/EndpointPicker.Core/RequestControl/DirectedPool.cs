using System.Text;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>A pool and who decides for it.</summary>
/// <param name="endpoints">The endpoints; its name is the pool's.</param>
public sealed class DirectedPool(EndpointPool endpoints)
{
    private readonly byte[] _nameUtf8 = Encoding.UTF8.GetBytes(endpoints.Name);

    /// <summary>The pool's name, unique in the process.</summary>
    public string Name => Endpoints.Name;

    /// <summary>The endpoints.</summary>
    public EndpointPool Endpoints { get; } = endpoints;

    /// <summary>What decisions are made by.</summary>
    public required DecisionPolicy Policy { get; init; }

    /// <summary>Leads real requests.</summary>
    public required RequestDirector Director { get; init; }

    /// <summary>Decides on made-up requests.</summary>
    public required Rehearsal Rehearsal { get; init; }

    /// <summary>The scheduling profiles in force, to be shown.</summary>
    public required IReadOnlyList<SchedulingProfile> Profiles { get; init; }

    internal ReadOnlySpan<byte> NameUtf8 => _nameUtf8;
}
