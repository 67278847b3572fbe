using ModelServerSimulator.Engine;
using ModelServerSimulator.Http;

namespace ModelServerSimulator.Hosting;

/// <summary>All that the command line says.</summary>
internal sealed record SimulatorOptions
{
    public EngineOptions Engine { get; init; } = new();

    public ServerOptions Server { get; init; } = new();

    /// <summary>What of these options cannot go together, or null.</summary>
    public string? Problem() => Server.ServesLora && Engine.MaxLoras == 0 ? "LoRA needs --max-loras of at least 1" : Engine.Problem();
}
