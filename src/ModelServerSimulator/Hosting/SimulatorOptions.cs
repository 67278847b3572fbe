using System.Net;
using ModelServerSimulator.Engine;
using ModelServerSimulator.Faults;
using ModelServerSimulator.Http;

namespace ModelServerSimulator.Hosting;

/// <summary>All that the command line says.</summary>
internal sealed record SimulatorOptions
{
    private const int MaxRanks = 256;

    public EngineOptions Engine { get; init; } = new();

    public ServerOptions Server { get; init; } = new();

    public FaultPlan Faults { get; init; } = new();

    /// <summary>Of the dice that faults with a rate are thrown with; each rank has its own.</summary>
    public int Seed { get; init; }

    public int DataParallelSize { get; init; } = 1;

    /// <summary>How long requests under way may go on after the order to stop.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The options of one data-parallel rank: the next port, and a name of its own.</summary>
    public SimulatorOptions OfRank(int rank) => this with
    {
        Engine = Engine with { Rank = rank },
        Server = Server with
        {
            Port = Server.Port == 0 ? 0 : Server.Port + rank,
            Name = DataParallelSize > 1 && Server.Name.Length > 0 ? $"{Server.Name}-{rank}" : Server.Name,
        },
        Seed = Seed + rank,
    };

    /// <summary>What of these options cannot go together, or null.</summary>
    public string? Problem()
    {
        if (Server.ServesLora && Engine.MaxLoras == 0)
        {
            return "LoRA needs --max-loras of at least 1";
        }

        if (DataParallelSize is < 1 or > MaxRanks)
        {
            return $"--data-parallel-size is 1 to {MaxRanks}";
        }

        return Server.Port > 0 && Server.Port + DataParallelSize - 1 > IPEndPoint.MaxPort
            ? $"--port {Server.Port} leaves no room below 65536 for {DataParallelSize} ranks"
            : Engine.Problem();
    }
}
