namespace EndpointPicker.Core.Scheduling.Filters;

/// <summary>How a label selector's expression compares, as Kubernetes names it.</summary>
public enum LabelOperator
{
    /// <summary>The label is there with one of the values.</summary>
    In,

    /// <summary>The label is absent, or there with none of the values.</summary>
    NotIn,

    /// <summary>The label is there.</summary>
    Exists,

    /// <summary>The label is absent.</summary>
    DoesNotExist,
}
