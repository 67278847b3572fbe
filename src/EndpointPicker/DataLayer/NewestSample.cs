namespace EndpointPicker.DataLayer;

/// <summary>The value of the series with the highest timestamp, the first of the page among equals: a signal whose series have no known sum.</summary>
internal struct NewestSample
{
    private double _timestamp;

    /// <summary>The value, where <see cref="Found"/>.</summary>
    public double Value { get; private set; }

    /// <summary>Whether any series had a value.</summary>
    public bool Found { get; private set; }

    /// <summary>Adds a series; NaN and the infinities are no values.</summary>
    public void Add(in Sample sample)
    {
        if (double.IsFinite(sample.Value) && (!Found || sample.Timestamp > _timestamp))
        {
            Found = true;
            Value = sample.Value;
            _timestamp = sample.Timestamp;
        }
    }
}
