using System.Text.Json;
using EndpointPicker.Core.Endpoints;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.Board;

/// <summary>Writes an endpoint as the board shows it. What its model server does not tell is null.</summary>
internal static class EndpointJson
{
    // Enough to read; the count says how many there are.
    private const int MostAdapters = 8;

    /// <summary>Writes one endpoint.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="age">How old its signals are; <see langword="null"/> where it was never scraped.</param>
    /// <param name="stale">Whether they are too old to be believed.</param>
    /// <param name="picks">How often the scheduler has picked it.</param>
    public static void WriteEndpoint(this Utf8JsonWriter json, Endpoint endpoint, TimeSpan? age, bool stale, long picks)
    {
        EndpointSignals signals = endpoint.Signals;
        json.WriteStartObject();
        json.WriteString("namespace", endpoint.Namespace);
        json.WriteString("name", endpoint.Name);
        json.WriteString("destination", endpoint.Destination);
        json.WriteNumberOrNull("ageSeconds", age is { } seconds ? Math.Round(seconds.TotalSeconds, 3) : null);
        json.WriteBoolean("stale", stale);
        json.WriteNumberOrNull("queue", signals.WaitingRequests);
        json.WriteNumberOrNull("running", signals.RunningRequests);
        json.WriteNumberOrNull("kv", signals.KvCacheUsage is { } use && double.IsFinite(use) ? Math.Round(use, 4) : null);
        json.WriteNumber("inFlight", endpoint.InFlight.Requests);
        json.WriteNumber("inFlightTokens", endpoint.InFlight.Tokens);
        json.WriteNumber("picks", picks);
        WriteAdapters(json, endpoint, signals);
        json.WriteEndObject();
    }

    private static void WriteAdapters(Utf8JsonWriter json, Endpoint endpoint, EndpointSignals signals)
    {
        if (signals.MaxAdapters == 0 && signals.RunningAdapters.Count == 0)
        {
            json.WriteNull("adapters");
            return;
        }

        string[] resident = endpoint.Adapters.Resident();
        json.WriteStartObject("adapters");
        json.WriteNumberOrNull("slots", signals.MaxAdapters > 0 ? signals.MaxAdapters : null);
        json.WriteNumber("loaded", resident.Length);
        json.WriteStartArray("names");
        foreach (string name in resident.AsSpan(0, Math.Min(resident.Length, MostAdapters)))
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
