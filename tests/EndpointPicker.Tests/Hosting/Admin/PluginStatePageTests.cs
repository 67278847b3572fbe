using System.Text.Json;
using EndpointPicker.Configuration.Loading;
using EndpointPicker.Hosting.Admin;
using EndpointPicker.Hosting.Serving;
using Microsoft.AspNetCore.Http;
using Testing;

namespace EndpointPicker.Tests.Hosting.Admin;

public sealed class PluginStatePageTests
{
    private static readonly EndpointPickerConfiguration Default = ConfigurationLoader.LoadDefault(new LoadSettings()).Configuration!;

    [Fact]
    public async Task Get_DefaultConfiguration_NamesEveryPlugin()
    {
        using JsonDocument page = await GetAsync(new PoolConfigurations(Default));
        Assert.Equal("2026-01-01T00:00:00.0000000Z", page.RootElement.GetProperty("timestamp").GetString());
        JsonElement plugins = page.RootElement.GetProperty("plugins");
        Assert.Equal(Default.Plugins.Select(plugin => plugin.Name), plugins.EnumerateObject().Select(plugin => plugin.Name));
        JsonElement queue = plugins.GetProperty("queue-scorer");
        Assert.Equal(
            ("queue-scorer", "queue-scorer", "plugin does not support state collection"),
            (queue.GetProperty("name").GetString(), queue.GetProperty("type").GetString(), queue.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Get_PoolWithItsOwnConfiguration_HasItsNameBeforeItsPlugins()
    {
        using JsonDocument page = await GetAsync(new PoolConfigurations(Default, new Dictionary<string, EndpointPickerConfiguration> { ["small"] = Default }));
        Assert.Equal("queue-scorer", page.RootElement.GetProperty("plugins").GetProperty("small/queue-scorer").GetProperty("type").GetString());
    }

    [Fact]
    public void Methods_OfThePage_AreGetAlone() => Assert.Equal(["GET"], new PluginStatePage(new PoolConfigurations(Default), new ManualTimeProvider()).Methods);

    private static async Task<JsonDocument> GetAsync(PoolConfigurations configurations)
    {
        DefaultHttpContext context = new();
        using MemoryStream body = new();
        context.Response.Body = body;
        await new PluginStatePage(configurations, new ManualTimeProvider()).HandleAsync(context);
        Assert.Equal("application/json", context.Response.ContentType);
        return JsonDocument.Parse(body.ToArray());
    }
}
