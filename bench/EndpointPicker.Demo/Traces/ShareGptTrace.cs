using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Traces;

/// <summary>Runs of ShareGPT prompts on vLLM: token ids and moments of arrival.</summary>
internal sealed class ShareGptTrace : ITraceFormat
{
    public string Name => "ShareGPT on vLLM";

    public string Expected => """{"arrival_time_ns": ns, "input_tok_ids": [token ids], "output_toks": tokens}""";

    public bool Recognizes(string firstLine) => TraceField.HasFields(firstLine, "arrival_time_ns", "input_tok_ids");

    public IReadOnlyList<PlannedSession> Read(TraceLines lines) => TracePlan.InOrder(lines.JsonRows(Expected, row =>
    {
        int[] prompt = [.. TraceField.List(row, "input_tok_ids").Select(token => TraceField.WholeNumber(token, "input_tok_ids"))];
        int output = Math.Max(1, TraceField.Tokens(row, "output_toks"));
        if (prompt.Length == 0)
        {
            throw new FormatException("input_tok_ids is empty");
        }

        return TracePlan.Single(
            TimeSpan.FromMicroseconds(TraceField.Time(row, "arrival_time_ns") / 1e3),
            RequestBody.CompletionsPath,
            prompt.Length + output,
            () => RequestBody.Completion(Models.Base, prompt, output));
    }));
}
