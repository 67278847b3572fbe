using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Traces;

/// <summary>Aibrix': the requests of each moment with their prompts.</summary>
internal sealed class AibrixTrace : ITraceFormat
{
    public string Name => "aibrix";

    public string Expected => """{"timestamp": ms, "requests": [{"Prompt Length": tokens, "Output Length": tokens, "prompt": "..."}]}""";

    public bool Recognizes(string firstLine) => TraceField.HasFields(firstLine, "timestamp", "requests");

    public IReadOnlyList<PlannedSession> Read(TraceLines lines) => TracePlan.InOrder(lines.JsonRows(Expected, row =>
    {
        TimeSpan at = TimeSpan.FromMilliseconds(TraceField.Time(row, "timestamp"));
        return TraceField.List(row, "requests").Select(request =>
        {
            string prompt = TraceField.Text(request, "prompt");
            int output = Math.Max(1, TraceField.Tokens(request, "Output Length"));
            return TracePlan.Single(
                at, RequestBody.ChatPath, TracePlan.EstimateTokens(prompt) + output, () => RequestBody.Chat(Models.Base, system: null, prompt, output, stream: true));
        }).ToArray();
    }).SelectMany(sessions => sessions));
}
