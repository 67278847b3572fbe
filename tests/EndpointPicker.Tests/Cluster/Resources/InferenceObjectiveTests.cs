using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Tests.Cluster.Resources;

public sealed class InferenceObjectiveTests
{
    [Theory]
    [InlineData("""{"priority":-5,"poolRef":{"name":"p","kind":"InferencePool"}}""", ApiGroups.Inference, "p", -5)]
    [InlineData("""{"poolRef":{"group":"inference.networking.x-k8s.io","name":"p"}}""", ApiGroups.Experimental, "p", 0)]
    [InlineData("""{"priority":null,"poolRef":{"group":"","name":"p"}}""", "", "p", 0)]
    [InlineData("""{"priority":3}""", null, null, 3)]
    public void Read_Objective_TakesPoolAndPriority(string spec, string? group, string? pool, int priority)
    {
        InferenceObjective read = Assert.IsType<InferenceObjective>(Json.Read<InferenceObjective>(
            InferenceObjective.TryRead, $$$"""{"metadata":{"name":"o"},"spec":{{{spec}}},"status":{"conditions":[]}}"""));
        Assert.Equal((new PoolReference(group!, pool!), priority), (read.Pool, read.Priority));
    }

    [Fact]
    public void Read_ObjectWithoutName_IsRefused() => Assert.Null(Json.Read<InferenceObjective>(InferenceObjective.TryRead, """{"spec":{"priority":1}}"""));
}
