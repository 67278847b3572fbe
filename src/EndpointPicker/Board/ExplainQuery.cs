using System.Globalization;
using EndpointPicker.Core.RequestControl;
using Microsoft.Extensions.Primitives;

namespace EndpointPicker.Board;

/// <summary>Which decisions a reader of <see cref="ExplainPage"/> wants to see.</summary>
internal sealed record ExplainQuery
{
    private const string Known = """
        last=20             how many decisions at most, the youngest first; 1 or more
        pool=NAME           those of this pool
        requestId=ID        those of the request with this x-request-id
        model=NAME          those of this model, before or after a rewrite
        picked=ENDPOINT     those that went to this endpoint, by name or ip:port
        endpoint=ENDPOINT   those that this endpoint was a candidate of
        reason=REASON       those that came about so:

        """;

    /// <summary>How many at most.</summary>
    public int Last { get; private init; } = 20;

    private string? Pool { get; init; }

    private string? RequestId { get; init; }

    private string? Model { get; init; }

    private string? Picked { get; init; }

    private string? Endpoint { get; init; }

    private PickReason? Reason { get; init; }

    /// <summary>Reads a query string.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="query">What they ask for.</param>
    /// <returns>What is wrong, with all that may be asked; <see langword="null"/> where nothing is.</returns>
    public static string? Read(IQueryCollection parameters, out ExplainQuery query)
    {
        query = new ExplainQuery();
        foreach ((string name, StringValues values) in parameters)
        {
            if (values.Count != 1 || string.IsNullOrEmpty(values[0]))
            {
                return Complain($"{name}: expected one value");
            }

            string value = values[0]!;
            ExplainQuery? next = name switch
            {
                "last" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int last) && last > 0 ? query with { Last = last } : null,
                "pool" => query with { Pool = value },
                "requestId" => query with { RequestId = value },
                "model" => query with { Model = value },
                "picked" => query with { Picked = value },
                "endpoint" => query with { Endpoint = value },
                "reason" => Enum.GetNames<PickReason>().Contains(value, StringComparer.OrdinalIgnoreCase)
                    ? query with { Reason = Enum.Parse<PickReason>(value, ignoreCase: true) }
                    : null,
                _ => null,
            };
            if (next is null)
            {
                return Complain(name is "last" or "reason" ? $"{name}: {value} is no value that it takes" : $"{name}: not a parameter of this page");
            }

            query = next;
        }

        return null;
    }

    /// <summary>Whether a decision is one of those.</summary>
    public bool Wants(Decision decision) =>
        (Pool is null || decision.Pool == Pool)
        && (RequestId is null || decision.RequestId == RequestId)
        && (Model is null || decision.Model == Model || decision.TargetModel == Model)
        && (Reason is null || decision.Reason == Reason)
        && (Picked is null || (decision.Pick is { } pick && Is(pick, Picked)))
        && (Endpoint is null || decision.Candidates.Any(candidate => Is(candidate, Endpoint)));

    private static bool Is(CandidateDecision candidate, string endpoint) => candidate.Endpoint == endpoint || candidate.Destination == endpoint;

    private static string Complain(string fault) => $"{fault}\nThere are\n{Known}                    {string.Join(' ', Enum.GetNames<PickReason>())}\n";
}
