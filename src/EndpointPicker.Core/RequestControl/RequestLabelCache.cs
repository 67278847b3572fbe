using System.Collections.Concurrent;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// Finds the labels of a request. Model names share one budget of 1,000 values and fairness ids have another, as the reference's do; names
/// that rewrites give are outside of it. Past so many combinations, the fairness id is folded too.
/// </summary>
internal sealed class RequestLabelCache
{
    private const int Budget = 1000;
    private const int Combinations = 10_000;

    private readonly LabelBudget _models = new(Budget);
    private readonly LabelBudget _fairnessIds = new(Budget);
    private readonly ConcurrentDictionary<Key, RequestLabels> _labels = new();
    private int _count;

    public RequestLabels Get(RequestState state)
    {
        InferenceRequest request = state.Request;
        string target = request.TargetIsConfigured ? request.TargetModel : _models.Admit(request.TargetModel);
        Key key = new(Model(state), target, _fairnessIds.Admit(request.FairnessId), request.Priority);
        if (_labels.TryGetValue(key, out RequestLabels? known))
        {
            return known;
        }

        if (Volatile.Read(ref _count) >= Combinations)
        {
            key = key with { FairnessId = LabelBudget.Other };
        }

        RequestLabels made = _labels.GetOrAdd(key, static k => new RequestLabels(k.Model, k.TargetModel, k.FairnessId, k.Priority));
        Volatile.Write(ref _count, _labels.Count);
        return made;
    }

    /// <summary>The request's model as a label. One that a rewrite names comes from the cluster, not from clients, and needs no budget.</summary>
    public string Model(RequestState state) => state.Rewrite is { IsGeneric: false } ? state.Request.Model : _models.Admit(state.Request.Model);

    private readonly record struct Key(string Model, string TargetModel, string FairnessId, int Priority);
}
