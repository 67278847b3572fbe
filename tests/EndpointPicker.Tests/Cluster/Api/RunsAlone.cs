namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>Tests that measure the whole process: none runs beside them.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
