using System.Text.Encodings.Web;
using System.Text.Json;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.Board;

/// <summary>A decision as JSON: one shape, be it recorded or rehearsed. <c>docs/explain.md</c> is its contract.</summary>
internal sealed class DecisionJson(TimeProvider time)
{
    /// <summary>Writes one decision as an object.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="now">The moment, in ticks of the time provider, that ages count to.</param>
    public void Write(Utf8JsonWriter json, Decision decision, long now)
    {
        json.WriteStartObject();
        if (decision.Sequence < 0)
        {
            json.WriteNull("sequence");
        }
        else
        {
            json.WriteNumber("sequence", decision.Sequence);
        }

        json.WriteString("time", decision.Time.UtcDateTime);
        json.WriteNumber("ageSeconds", Seconds(now - decision.At));
        json.WriteString("requestId", decision.RequestId);
        json.WriteString("model", decision.Model);
        json.WriteString("targetModel", decision.TargetModel);
        json.WriteString("rewrite", decision.Rewrite);
        json.WriteBoolean("rewritesSkipped", decision.RewritesSkipped);
        json.WriteString("objective", decision.Objective);
        json.WriteNumber("priority", decision.Priority);
        json.WriteString("prioritySource", Source(decision.PrioritySource));
        json.WriteNumber("promptTokens", decision.PromptTokens);
        json.WriteNumber("promptBlocks", decision.PromptBlocks);
        json.WriteNumber("blockTokens", decision.BlockTokens);
        json.WriteNumber("waitedSeconds", Seconds(decision.Waited));
        json.WriteString("reason", decision.Reason.ToString());
        json.WriteString("why", Why(decision));
        json.WriteBoolean("fallback", decision.Pick is not null && decision.Profile is null);
        if (decision.Error != InferenceErrorCode.None)
        {
            json.WriteString("error", decision.Error.ToString());
            json.WriteNumber("status", RefusalBody.Status(decision.Error));
            json.WriteString("message", decision.Message);
        }

        WritePicks(json, decision);
        WritePool(json, decision);
        json.WriteStartArray("candidates");
        foreach (CandidateDecision candidate in decision.Candidates)
        {
            WriteCandidate(json, decision, candidate);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Of a pick without a rewrite the sentence has nothing from the client, so that what HTML would misread, such as plus signs, can stay as
    // people write it.
    private static JsonEncodedText Why(Decision decision) => JsonEncodedText.Encode(
        DecisionSentence.Of(decision),
        decision is { Error: InferenceErrorCode.None, Rewrite: null } ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : JavaScriptEncoder.Default);

    private static void WritePicks(Utf8JsonWriter json, Decision decision)
    {
        json.WriteString("picked", decision.Picks.Count > 0 ? decision.Picks[0] : null);
        json.WriteStartArray("picks");
        foreach (string destination in decision.Picks)
        {
            json.WriteStringValue(destination);
        }

        json.WriteEndArray();
        json.WriteString("profile", decision.Profile);
        json.WriteString("picker", decision.Picker);
        json.WriteNumber("rescorings", decision.Rescorings);
        json.WriteString("runnerUp", decision.RunnerUp?.Destination);
        json.WriteNumberOrNull("margin", decision is { Pick: { } pick, RunnerUp: { } runnerUp, Profile: not null } ? pick.Total - runnerUp.Total : null);
    }

    private static void WritePool(Utf8JsonWriter json, Decision decision)
    {
        json.WriteStartObject("pool");
        json.WriteString("name", decision.Pool.Length > 0 ? decision.Pool : null);
        json.WriteNumber("endpoints", decision.PoolSize);
        json.WriteNumberOrNull("subset", decision.SubsetSize);
        json.WriteNumber("outsideSubset", decision.PoolSize - decision.CandidateCount);
        json.WriteNumber("candidates", decision.CandidateCount);
        json.WriteNumber("notShown", decision.CandidateCount - decision.Candidates.Count);
        json.WriteEndObject();
    }

    private void WriteCandidate(Utf8JsonWriter json, Decision decision, CandidateDecision candidate)
    {
        json.WriteStartObject();
        json.WriteString("endpoint", candidate.Endpoint);
        json.WriteString("destination", candidate.Destination);
        json.WriteNumber("inFlight", candidate.InFlight);
        json.WriteNumber("inFlightTokens", candidate.InFlightTokens);
        json.WriteNumberOrNull("signalAgeSeconds", candidate.SignalAge is { } age ? Seconds(age) : null);
        json.WriteString("signalState", State(candidate.SignalState));
        WriteSignals(json, candidate);
        json.WriteNumberOrNull("prefixBlocks", candidate.PrefixBlocks);
        json.WriteNumberOrNull("prefixTokens", (double?)candidate.PrefixBlocks * decision.BlockTokens);
        if (candidate.RemovedBy is { } filter)
        {
            json.WriteString("removedBy", filter);
            json.WriteString("removedBecause", candidate.RemovedBecause);
        }
        else
        {
            json.WriteNumberOrNull("total", candidate.Total);
            json.WriteStartObject("scores");
            for (int i = 0; i < candidate.Scores.Count; i++)
            {
                json.WriteStartObject(decision.Scorers[i].Name);
                json.WriteNumberOrNull("raw", candidate.Scores[i]);
                json.WriteNumberOrNull("weighted", decision.Scorers[i].Weigh(candidate.Scores[i]));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteSignals(Utf8JsonWriter json, CandidateDecision candidate)
    {
        EndpointSignals signals = candidate.Signals;
        json.WriteStartObject("signals");
        json.WriteNumberOrNull("waiting", signals.WaitingRequests);
        json.WriteNumberOrNull("running", signals.RunningRequests);
        json.WriteNumberOrNull("kvCacheUsage", signals.KvCacheUsage);
        json.WriteNumber("maxAdapters", signals.MaxAdapters);
        WriteNames(json, "runningAdapters", signals.RunningAdapters);
        WriteNames(json, "waitingAdapters", signals.WaitingAdapters);
        json.WriteBoolean("holdsTargetModel", candidate.HoldsAdapter);
        if (signals.Custom.Count > 0)
        {
            json.WriteStartObject("custom");
            foreach ((string name, double value) in signals.Custom)
            {
                json.WriteNumberOrNull(name, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string property, IReadOnlyList<string> names)
    {
        json.WriteStartArray(property);
        foreach (string name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private static string Source(PrioritySource source) => source switch
    {
        PrioritySource.Objective => "objective",
        PrioritySource.Model => "model",
        _ => "default",
    };

    private static string State(SignalState state) => state switch
    {
        SignalState.Fresh => "fresh",
        SignalState.Stale => "stale",
        _ => "never scraped",
    };

    private double Seconds(long ticks) => (double)ticks / time.TimestampFrequency;
}
