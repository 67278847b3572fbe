using System.Security.Cryptography;
using System.Text.Json;

namespace ModelServerSimulator.Http;

/// <summary>The base model and its adapters, as <c>GET /v1/models</c> lists them.</summary>
internal sealed class ModelRegistry(string model, IReadOnlyList<string> adapters, int maxModelLength, TimeProvider time)
{
    public bool TryResolve(string name, out string? adapter)
    {
        adapter = name == model ? null : name;
        return adapter is null || adapters.Contains(name);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        WriteModel(json, model, null);
        foreach (string adapter in adapters)
        {
            WriteModel(json, adapter, model);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteModel(Utf8JsonWriter json, string id, string? parent)
    {
        long created = time.GetUtcNow().ToUnixTimeSeconds();
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", "model");
        json.WriteNumber("created", created);
        json.WriteString("owned_by", "vllm");
        json.WriteString("root", parent is null ? id : "./adapters/" + id);
        json.WriteString("parent", parent);
        if (parent is null)
        {
            json.WriteNumber("max_model_len", maxModelLength);
        }
        else
        {
            json.WriteNull("max_model_len");
        }

        json.WriteStartArray("permission");
        json.WriteStartObject();
        json.WriteString("id", "modelperm-" + RandomNumberGenerator.GetHexString(16, lowercase: true));
        json.WriteString("object", "model_permission");
        json.WriteNumber("created", created);
        json.WriteBoolean("allow_create_engine", false);
        json.WriteBoolean("allow_sampling", true);
        json.WriteBoolean("allow_logprobs", true);
        json.WriteBoolean("allow_search_indices", false);
        json.WriteBoolean("allow_view", true);
        json.WriteBoolean("allow_fine_tuning", false);
        json.WriteString("organization", "*");
        json.WriteNull("group");
        json.WriteBoolean("is_blocking", false);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
