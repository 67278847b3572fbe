using System.Buffers;
using System.Globalization;
using System.Text.Json;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.Board;

/// <summary><c>GET /explain?last=N</c>: the last decisions with their candidates, raw and weighted scores, and why, youngest first.</summary>
internal sealed class ExplainPage(DecisionLog decisions, TimeProvider time) : IBoardPage
{
    private const int DefaultCount = 20;

    public string Path => "/explain";

    public Task HandleAsync(HttpContext context)
    {
        if (!TryCount(context.Request.Query["last"], out int count))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync("last: expected a number of decisions, as in /explain?last=20\n");
        }

        ArrayBufferWriter<byte> page = new(16 * 1024);
        using (Utf8JsonWriter json = new(page))
        {
            Write(json, decisions.Snapshot().Take(count));
        }

        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(page.WrittenMemory).AsTask();
    }

    private static bool TryCount(string? text, out int count)
    {
        count = DefaultCount;
        return string.IsNullOrEmpty(text) || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
    }

    private void Write(Utf8JsonWriter json, IEnumerable<Decision> youngestFirst)
    {
        long now = time.GetTimestamp();
        json.WriteStartObject();
        json.WriteNumber("recorded", decisions.Recorded);
        json.WriteNumber("recordedPerSecondAtMost", decisions.MostPerSecond);
        json.WriteStartArray("decisions");
        foreach (Decision decision in youngestFirst)
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", decision.Sequence);
            json.WriteNumber("ageSeconds", time.GetElapsedTime(decision.At, now).TotalSeconds);
            json.WriteString("requestId", decision.RequestId);
            json.WriteString("model", decision.Model);
            json.WriteString("targetModel", decision.TargetModel);
            json.WriteNumber("promptTokens", decision.PromptTokens);
            json.WriteString("reason", decision.Reason.ToString());
            if (decision.Error != InferenceErrorCode.None)
            {
                json.WriteString("error", decision.Error.ToString());
            }

            json.WriteString("picked", decision.Picks.Count > 0 ? decision.Picks[0] : null);
            json.WriteStartArray("picks");
            foreach (string pick in decision.Picks)
            {
                json.WriteStringValue(pick);
            }

            json.WriteEndArray();
            json.WriteStartArray("candidates");
            foreach (CandidateDecision candidate in decision.Candidates)
            {
                WriteCandidate(json, decision, candidate);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteCandidate(Utf8JsonWriter json, Decision decision, CandidateDecision candidate)
    {
        json.WriteStartObject();
        json.WriteString("endpoint", candidate.Endpoint);
        json.WriteString("destination", candidate.Destination);
        json.WriteNumber("inFlight", candidate.InFlight);
        if (candidate.SignalAge is { } age)
        {
            json.WriteNumber("signalAgeSeconds", (double)age / time.TimestampFrequency);
        }
        else
        {
            json.WriteNull("signalAgeSeconds");
        }

        if (candidate.RemovedBy is { } filter)
        {
            json.WriteString("removedBy", filter);
        }
        else
        {
            json.WriteNumber("total", candidate.Total);
            json.WriteStartObject("scores");
            for (int i = 0; i < candidate.Scores.Count; i++)
            {
                json.WriteStartObject(decision.Scorers[i].Name);
                json.WriteNumber("raw", candidate.Scores[i]);
                json.WriteNumber("weighted", candidate.Scores[i] * decision.Scorers[i].Weight);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
