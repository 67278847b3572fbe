namespace FunctionalTests.Deploy;

/// <summary>Classes that share one API server.</summary>
[CollectionDefinition(Name)]
public sealed class DeployTests : ICollectionFixture<DeployServer>
{
    public const string Name = "deploy";
}
