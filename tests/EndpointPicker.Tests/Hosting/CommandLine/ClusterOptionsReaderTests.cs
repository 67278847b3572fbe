using EndpointPicker.Hosting.CommandLine;

namespace EndpointPicker.Tests.Hosting.CommandLine;

public sealed class ClusterOptionsReaderTests
{
    [Theory]
    [InlineData("default", null)]
    [InlineData("default", "")]
    [InlineData("inner", "inner")]
    [InlineData("prod", "inner", "--pool-namespace=prod")]
    [InlineData("prod", "inner", "-poolNamespace", "prod")]
    public void Read_Namespace_IsTheFlagsThenTheVariablesThenDefault(string expected, string? variable, params string[] arguments) =>
        Assert.Equal(expected, Read(out _, name => name == "NAMESPACE" ? variable : null, arguments).Namespace);

    [Theory]
    [InlineData("8000", 8000)]
    [InlineData("8000,8001,8000", 8000, 8001)]
    [InlineData("0,65535", 0, 65535)]
    public void Read_Ports_AreOnceEachInOrder(string ports, params int[] expected)
    {
        ClusterOptions options = Read(out FlagValues values, _ => null, "--endpoint-selector=app=vllm", $"--endpoint-target-ports={ports}");
        Assert.Empty(values.Errors);
        Assert.Equal(expected, options.TargetPorts);
    }

    [Theory]
    [InlineData("flag \"endpoint-target-ports\" should have length from 1 to 8", "--endpoint-selector=app=vllm")]
    [InlineData("flag \"endpoint-target-ports\" should have length from 1 to 8", "--endpoint-selector=app=vllm", "--endpoint-target-ports=1,2,3,4,5,6,7,8,9")]
    [InlineData("invalid port number 65536 in \"endpoint-target-ports\"", "--endpoint-selector=app=vllm", "--endpoint-target-ports=65536,1")]
    [InlineData("invalid port number -1 in \"endpoint-target-ports\"", "--endpoint-selector=app=vllm", "--endpoint-target-ports=-1,1")]
    [InlineData("--endpoint-target-ports=http: expected a whole number", "--endpoint-selector=app=vllm", "--endpoint-target-ports=http,1")]
    [InlineData("invalid endpoint-selector \"app in vllm\": found 'vllm' where '('", "--endpoint-selector=app in vllm", "--endpoint-target-ports=1")]
    [InlineData("invalid pool-selector \"=\": found '='", "--pool-selector==")]
    [InlineData("--pool-selector finds pools by their labels", "--pool-selector=a=b", "--pool-name=p")]
    [InlineData("--pool-group=x: expected one of inference.networking.k8s.io, inference.networking.x-k8s.io", "--pool-group=x")]
    public void Read_Mistake_IsNamed(string error, params string[] arguments)
    {
        _ = Read(out FlagValues values, _ => null, arguments);
        Assert.StartsWith(error, Assert.Single(values.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SelectorBesideListedEndpoints_NeedsNoPorts()
    {
        ClusterOptions options = Read(out FlagValues values, _ => null, "--endpoint=10.0.0.1:80", "--endpoint-selector=app=vllm");
        Assert.Empty(values.Errors);
        Assert.Equal(["endpoint-selector"], options.Given);
    }

    [Theory]
    [InlineData("epp-7d9f8b6c5-x2x4z", "epp")]
    [InlineData("my-epp-7d9f8b6c5-x2x4z", "my-epp")]
    [InlineData("epp-0", null)]
    [InlineData("epp", null)]
    [InlineData("epp-ABC-x", null)]
    public void DeploymentOf_Pod_IsItsNameWithoutTheLastTwoParts(string pod, string? expected) => Assert.Equal(expected, ClusterOptionsReader.DeploymentOf(pod));

    private static ClusterOptions Read(out FlagValues values, Func<string, string?> environment, params string[] arguments)
    {
        values = FlagParser.Parse(arguments);
        return EppOptionsReader.Read(values, environment).Cluster;
    }
}
