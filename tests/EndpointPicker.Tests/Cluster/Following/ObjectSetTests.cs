using EndpointPicker.Cluster.Api;
using EndpointPicker.Cluster.Following;
using EndpointPicker.Cluster.Resources;
using EndpointPicker.Tests.Cluster.Resources;

namespace EndpointPicker.Tests.Cluster.Following;

/// <summary>What a set makes of objects that were deleted and wait for a grace period or a finalizer, kind by kind, from the JSON on.</summary>
public sealed class ObjectSetTests
{
    private const string PoolRef = """ "poolRef":{"name":"pool"} """;

    [Fact]
    public void Pod_UnderDeletion_IsNotThere() =>
        Check<Pod>(Pod.TryRead, """ "status":{"podIP":"10.0.0.1","conditions":[{"type":"Ready","status":"True"}]} """);

    [Fact]
    public void Pool_UnderDeletion_IsNotThere()
    {
        Check<InferencePool>(InferencePool.TryRead, """ "spec":{"selector":{"matchLabels":{"app":"vllm"}},"targetPorts":[{"number":8000}]} """);
        Check<InferencePool>(InferencePool.TryReadExperimental, """ "spec":{"selector":{"app":"vllm"},"targetPortNumber":8000} """);
    }

    [Fact]
    public void Objective_UnderDeletion_IsNotThere() => Check<InferenceObjective>(InferenceObjective.TryRead, $$""" "spec":{"priority":7,{{PoolRef}}} """);

    [Fact]
    public void Rewrite_UnderDeletion_IsNotThere() => Check<InferenceModelRewrite>(InferenceModelRewrite.TryRead, $$""" "spec":{"rules":[],{{PoolRef}}} """);

    [Fact]
    public void Model_UnderDeletion_IsNotThere() => Check<InferenceModel>(InferenceModel.TryRead, $$""" "spec":{"modelName":"m",{{PoolRef}}} """);

    private static void Check<T>(ResourceReader<T> reader, string fields)
        where T : class, IClusterObject
    {
        T there = Read("");
        T leaving = Read(""","deletionTimestamp":"2026-01-01T00:00:00Z","deletionGracePeriodSeconds":30,"finalizers":["example.com/wait"]""");
        ObjectSet<T> sut = new();

        sut.Replace([leaving]);
        Assert.True(sut.Known && sut.Served);
        Assert.Empty(sut.All());
        Assert.Null(sut.Find("x"));

        sut.Put(there);
        Assert.Same(there, Assert.Single(sut.All()));
        Assert.Same(there, sut.Find("x"));

        sut.Put(leaving);
        Assert.Empty(sut.All());
        Assert.Null(sut.Find("x"));

        sut.Remove(leaving);
        Assert.Empty(sut.All());

        T Read(string metadata) => Assert.IsType<T>(Json.Read(reader, $$"""{"metadata":{"name":"x","namespace":"demo"{{metadata}}},{{fields}}}"""));
    }
}
