using System.Text;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;
using Microsoft.Extensions.Logging;

namespace EndpointPicker.Core.RequestControl;

/// <content>What the cluster's rules make of a request: its priority, and the model that serves it.</content>
public sealed partial class RequestDirector
{
    private void PrioritizeByObjective(RequestState state)
    {
        if (_policy.Rules.Current is not { } rules)
        {
            return;
        }

        ReadOnlySpan<byte> objective = ControlHeaders.Objective(state.Request.Headers);
        if (objective.IsEmpty)
        {
            return;
        }

        if (rules.TryGetPriority(objective, out int priority))
        {
            Prioritize(state, priority, PrioritySource.Objective);
        }
        else if (_telemetry.Logger.IsEnabled(LogLevel.Debug))
        {
            Log.UnknownObjective(_telemetry.Logger, Encoding.UTF8.GetString(objective[..Math.Min(objective.Length, RuleSet.LongestName)]));
        }
    }

    private void ApplyRules(RuleSet rules, RequestState state, BodyEnd end)
    {
        InferenceRequest request = state.Request;
        if (state.PrioritySource == PrioritySource.Default && rules.ModelPriorities.TryGetValue(request.Model, out int priority))
        {
            Prioritize(state, priority, PrioritySource.Model);
        }

        if (!rules.HasRewrites)
        {
            return;
        }

        bool rewritable = IsRewritable(state, end);
        state.RewritesSkipped = !rewritable && state.HasBody;
        if (rewritable && rules.RewriteOf(request.Model) is { } rewrite)
        {
            PickScratch scratch = _scratches.Rent();
            request.TargetModel = rewrite.Choose(scratch.Random);
            request.TargetIsConfigured = true;
            _scratches.Return(scratch);
            state.Rewrite = rewrite;
            _telemetry.Metrics?.Rewritten(state);
        }
    }

    private static void Prioritize(RequestState state, int priority, PrioritySource source)
    {
        state.Request.Priority = priority;
        state.PrioritySource = source;
    }

    // A model put into a body that was cut might be overruled by one in the rest.
    private static bool IsRewritable(RequestState state, BodyEnd end) =>
        end != BodyEnd.None
        && state is { Reader: not null, Route.RewritesModel: true }
        && (state.Request.ModelValue.End.Value > 0 || (end == BodyEnd.Complete && state.Request.ModelInsertion > 0));
}
