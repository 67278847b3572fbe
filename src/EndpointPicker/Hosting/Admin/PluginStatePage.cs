using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using EndpointPicker.Board;
using EndpointPicker.Configuration.Loading;
using EndpointPicker.Hosting.Serving;

namespace EndpointPicker.Hosting.Admin;

/// <summary>The plugins that are configured, as JSON: <c>GET /debug/plugins/state</c>. Those of a pool with a configuration of its own have its name before theirs.</summary>
internal sealed class PluginStatePage(PoolConfigurations configurations, TimeProvider time) : IBoardPage
{
    private const string NoState = "plugin does not support state collection";

    public string Path => "/debug/plugins/state";

    public IReadOnlyList<string> Methods { get; } = [HttpMethods.Get];

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        PipeWriter page = context.Response.BodyWriter;
        await using Utf8JsonWriter json = new(page);
        json.WriteStartObject();
        json.WriteString("timestamp", time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        json.WriteStartObject("plugins");
        Write(json, "", configurations.Shared);
        foreach ((string pool, EndpointPickerConfiguration own) in configurations.Own)
        {
            Write(json, $"{pool}/", own);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
        await page.FlushAsync(context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, string prefix, EndpointPickerConfiguration configuration)
    {
        foreach ((string type, string name) in configuration.Plugins)
        {
            json.WriteStartObject(prefix + name);
            json.WriteString("name", prefix + name);
            json.WriteString("type", type);
            json.WriteString("message", NoState);
            json.WriteEndObject();
        }
    }
}
