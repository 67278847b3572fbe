using System.Text.Json;
using ModelServerSimulator.Faults;
using ModelServerSimulator.Settings;

namespace ModelServerSimulator.Http;

/// <summary>
/// <c>/admin/config</c>: GET shows the faults in force, POST changes those that its JSON object names, all or none, DELETE goes back to
/// those of the start. No fault befalls it.
/// </summary>
internal sealed class AdminEndpoint(FaultInjector faults)
{
    public const string Path = "/admin/config";

    public async Task HandleAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method) && await ChangeAsync(context).ConfigureAwait(false) is { } error)
        {
            await JsonReply.SendAsync(context.Response, error.Status, error.Write).ConfigureAwait(false);
            return;
        }

        if (HttpMethods.IsDelete(context.Request.Method))
        {
            faults.Restore();
        }

        FaultPlan plan = faults.Plan;
        await JsonReply.SendAsync(context.Response, StatusCodes.Status200OK, json => Write(json, plan)).ConfigureAwait(false);
    }

    private async Task<ApiError?> ChangeAsync(HttpContext context)
    {
        (JsonDocument? document, ApiError? error) = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        if (document is null)
        {
            return error;
        }

        using (document)
        {
            // Tried on a copy before anything is changed, so that one bad field leaves all as it was.
            var changes = new List<(FaultSetting Setting, string Value)>();
            FaultPlan trial = faults.Plan;
            foreach (JsonProperty field in document.RootElement.EnumerateObject())
            {
                if (FaultSettings.All.FirstOrDefault(setting => setting.Name == field.Name) is not { } known)
                {
                    string suggestion = NearestName.Suggest(field.Name, FaultSettings.All.Select(setting => setting.Name));
                    return ApiError.BadRequest($"unknown setting {field.Name}{suggestion}", field.Name);
                }

                try
                {
                    string value = Text(field.Value);
                    trial = known.Set(trial, value);
                    changes.Add((known, value));
                }
                catch (Exception exception) when (exception is FormatException or OverflowException)
                {
                    return ApiError.BadRequest($"{known.Name} does not take {field.Value.GetRawText()} ({known.Argument}: {known.Help})", known.Name);
                }
            }

            faults.Change(plan => changes.Aggregate(plan, (changed, change) => change.Setting.Set(changed, change.Value)));
            return null;
        }
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(Text)),
        _ => throw new FormatException(),
    };

    private static void Write(Utf8JsonWriter json, FaultPlan plan)
    {
        json.WriteStartObject();
        foreach (FaultSetting setting in FaultSettings.All)
        {
            json.WritePropertyName(setting.Name);
            setting.Write(json, plan);
        }

        json.WriteEndObject();
    }
}
