using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Figures;

/// <summary>
/// How often pods had to bring another LoRA adapter into their only slot. Requests of two adapters never run side by side there, so they end in
/// the order of the adapters, and each change of adapter on a pod is a load.
/// </summary>
internal static class AdapterLoads
{
    /// <param name="outcomes">In the order in which they ended.</param>
    public static int Count(IEnumerable<RequestOutcome> outcomes)
    {
        var resident = new Dictionary<string, string>();
        int loads = 0;
        foreach (RequestOutcome outcome in outcomes)
        {
            if (outcome is { IsGood: true, Pod: { } pod } && Models.Adapters.Contains(outcome.Model) && resident.GetValueOrDefault(pod) != outcome.Model)
            {
                resident[pod] = outcome.Model;
                loads++;
            }
        }

        return loads;
    }
}
