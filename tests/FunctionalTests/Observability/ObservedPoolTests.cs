namespace FunctionalTests.Observability;

/// <summary>Tests that share one observed pool, which takes seconds to bring about.</summary>
[CollectionDefinition(Name)]
public sealed class ObservedPoolTests : ICollectionFixture<ObservedPool>
{
    public const string Name = "observed pool";
}
