using EndpointPicker.Configuration.Loading;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Hosting;
using EndpointPicker.Hosting.CommandLine;
using EndpointPicker.Hosting.Serving;
using Microsoft.Extensions.DependencyInjection;

namespace EndpointPicker.Tests.Hosting;

/// <summary>What the decision gets of configuration and flags.</summary>
public sealed class DecisionWiringTests
{
    private const string Text = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: queue-scorer
        - type: passthrough-parser
        - type: token-producer
          parameters:
            modelName: m
            estimate:
              image:
                defaultResolution: { width: 10, height: 10 }
        requestHandler:
          parsers:
          - pluginRef: passthrough-parser
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: queue-scorer
        """;

    [Theory]
    [InlineData("none", true)]
    [InlineData("reference", false)]
    public async Task Policy_OfAConfiguration_ReadsRequestsAsItSays(string compatibility, bool checksUtf8)
    {
        EppOptions options = EppOptionsReader.Read(FlagParser.Parse([$"--compatibility={compatibility}"]));
        ConfigurationOutcome outcome = ConfigurationLoader.LoadText(Text, new LoadSettings());
        Assert.True(outcome.Configuration is not null, string.Join('\n', outcome.Diagnostics));
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddEndpointPicker(options, new PoolConfigurations(outcome.Configuration)).BuildServiceProvider();
        DecisionPolicy policy = services.GetRequiredService<ServedPools>().Default.Directed.Policy;

        Assert.Equal(["passthrough-parser"], policy.Parsers.Used.Select(parser => parser.Type));
        Assert.Same(outcome.Configuration.TokenEstimate, policy.Reading.TokenEstimate);
        Assert.Equal(checksUtf8, policy.Reading.CheckUtf8);
    }
}
