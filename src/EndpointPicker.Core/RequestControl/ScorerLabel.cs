namespace EndpointPicker.Core.RequestControl;

/// <summary>A scorer as a recorded decision shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Weight">Its weight.</param>
public readonly record struct ScorerLabel(string Name, double Weight)
{
    /// <summary>What a score adds to the total.</summary>
    /// <param name="score">The score as the scorer gave it.</param>
    /// <returns>The score, brought into 0 to 1, times the weight; a broken score counts as 0.</returns>
    public double Weigh(double score) => double.IsNaN(score) ? 0 : Math.Clamp(score, 0, 1) * Weight;
}
