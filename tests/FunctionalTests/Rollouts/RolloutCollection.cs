namespace FunctionalTests.Rollouts;

/// <summary>The tests that play a pool's life: one test at a time, because each keeps two cores busy.</summary>
[CollectionDefinition(Name)]
public sealed class RolloutCollection
{
    public const string Name = "rollouts";
}
