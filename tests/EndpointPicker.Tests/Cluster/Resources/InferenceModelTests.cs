using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Tests.Cluster.Resources;

public sealed class InferenceModelTests
{
    [Fact]
    public void Read_Model_TakesNameCriticalityAndTargets()
    {
        InferenceModel read = Assert.IsType<InferenceModel>(Json.Read<InferenceModel>(InferenceModel.TryRead, """
            {"metadata":{"name":"food"},"spec":{"modelName":"food-review","criticality":"Critical","poolRef":{"name":"p"},
              "targetModels":[{"name":"food-review-1","weight":100},{"name":"food-review-2"}]}}
            """));
        Assert.Equal(("food-review", "Critical", new PoolReference(ApiGroups.Experimental, "p")), (read.ModelName, read.Criticality, read.Pool));
        Assert.Equal([new WeightedModel("food-review-1", 100), new WeightedModel("food-review-2", null)], read.Targets);
    }

    [Fact]
    public void Read_ModelWithoutModelName_IsRefused() => Assert.Null(Json.Read<InferenceModel>(InferenceModel.TryRead, """{"metadata":{"name":"food"},"spec":{}}"""));
}
