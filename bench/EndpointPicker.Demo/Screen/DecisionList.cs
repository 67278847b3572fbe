using System.Globalization;
using EndpointPicker.Demo.Observed;

namespace EndpointPicker.Demo.Screen;

/// <summary>The picker's last decisions, each with its reason.</summary>
internal static class DecisionList
{
    private const int ModelWidth = 13;

    /// <summary>A heading and at most <paramref name="height"/> - 1 decisions.</summary>
    public static IEnumerable<StyledLine> Lines(LiveView view, int height)
    {
        yield return new StyledLine().Add(" WHY", Ink.Better).Add("   the picker's last decisions: score of the pick, score of the next best, what put it ahead", Ink.Dim);
        if (view.Decisions.Count == 0)
        {
            yield return new StyledLine().Add(" (none explained yet)", Ink.Dim);
        }

        foreach (Decision decision in view.Decisions.Take(height - 1))
        {
            yield return Line(decision, view.PodNames);
        }
    }

    /// <summary>One decision.</summary>
    /// <param name="decision">What the picker explained.</param>
    /// <param name="names">Names of pods by endpoint.</param>
    public static StyledLine Line(Decision decision, IReadOnlyDictionary<string, string> names)
    {
        StyledLine line = new StyledLine().Add($" {decision.Model}".PadRight(ModelWidth + 1), Ink.Dim)
            .Add("-> ");
        string pod = decision.Picked.Length == 0 ? "nowhere" : Name(decision.Picked, names);
        if (decision.Sentence is { } sentence)
        {
            // The picker's sentence begins with the pod, mostly.
            string said = Named(sentence, names);
            return said.StartsWith(pod, StringComparison.Ordinal) ? line.Add(pod, Ink.Picker).Add(said[pod.Length..]) : line.Add(pod, Ink.Picker).Add($"  {said}");
        }

        line.Add(pod.PadRight(8), Ink.Picker);
        if (decision.Pick is { } pick && decision.RunnerUp is { } runnerUp)
        {
            line.Add(string.Create(CultureInfo.InvariantCulture, $"{pick.Total,6:0.00}"))
                .Add(string.Create(CultureInfo.InvariantCulture, $"  {Name(runnerUp.Destination, names)} {runnerUp.Total:0.00}   "), Ink.Dim);
        }

        return line.Add(decision.Lead());
    }

    private static string Name(string endpoint, IReadOnlyDictionary<string, string> names) => names.GetValueOrDefault(endpoint, endpoint);

    private static string Named(string sentence, IReadOnlyDictionary<string, string> names)
    {
        foreach ((string endpoint, string name) in names)
        {
            sentence = sentence.Replace(endpoint, name, StringComparison.Ordinal);
        }

        return sentence;
    }
}
