namespace EndpointPicker.Core.Endpoints;

/// <summary>Tells how full a set of endpoints is; admission sheds by it.</summary>
public interface ISaturationDetector
{
    /// <summary>How full the endpoints are together.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="now">The moment, in ticks of the time provider.</param>
    /// <returns>0 where idle, 1 and above where saturated; 1 for the empty set.</returns>
    double Saturation(ReadOnlySpan<Endpoint> endpoints, long now);
}
