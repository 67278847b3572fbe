namespace EndpointPicker.Cluster.Reviews;

/// <summary>Whether somebody may do something.</summary>
internal sealed record AccessPermission(bool IsAllowed);
