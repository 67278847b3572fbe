using System.Security.Cryptography;
using System.Text.Json;

namespace ModelServerSimulator.Http;

/// <summary>The base model and its adapters, as <c>GET /v1/models</c> lists them.</summary>
internal sealed class ModelRegistry(string model, ServerOptions options, int maxModelLength, TimeProvider time)
{
    // Serialises the writers of the list; readers take what is there.
    private readonly Lock _lock = new();
    private volatile IReadOnlyList<LoraModule> _adapters = options.Adapters;

    public bool TryResolve(string name, out string? adapter)
    {
        adapter = name == model ? null : name;
        return adapter is null || Find(name) is not null;
    }

    /// <summary>The error of a body whose <c>model</c> is not served; a body without one means the base model.</summary>
    public ApiError? CheckModel(JsonElement body) =>
        JsonBody.Text(body, "model") is { } name && !TryResolve(name, out _) ? ApiError.UnknownModel(name, model) : null;

    /// <summary>Serves an adapter from now on; what vLLM says when it cannot.</summary>
    public ApiError? Load(LoraModule module, bool inPlace)
    {
        if (module.Name.Length == 0 || module.Path.Length == 0)
        {
            return ApiError.BadAdapterRequest("Both 'lora_name' and 'lora_path' must be provided.");
        }

        lock (_lock)
        {
            if (Find(module.Name) is not null && !inPlace)
            {
                return ApiError.BadAdapterRequest(
                    $"The lora adapter '{module.Name}' has already been loaded. If you want to load the adapter in place, set 'load_inplace' to True.");
            }

            if (options.LoraPaths.Count > 0 && !options.LoraPaths.Contains(module.Path))
            {
                return ApiError.NoAdapter($"Loading lora {module.Name} failed: No adapter found for {module.Path}");
            }

            _adapters = [.. _adapters.Where(adapter => adapter.Name != module.Name), module];
            return null;
        }
    }

    /// <summary>Serves an adapter no longer; requests under way on it go on.</summary>
    public ApiError? Unload(string name)
    {
        if (name.Length == 0)
        {
            return ApiError.BadAdapterRequest("'lora_name' needs to be provided to unload a LoRA adapter.");
        }

        lock (_lock)
        {
            if (Find(name) is not { } module)
            {
                return ApiError.NoAdapter($"The lora adapter '{name}' cannot be found.");
            }

            _adapters = [.. _adapters.Where(adapter => adapter != module)];
            return null;
        }
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        WriteModel(json, model, model, null);
        foreach (LoraModule adapter in _adapters)
        {
            WriteModel(json, adapter.Name, adapter.Path, model);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private LoraModule? Find(string name) => _adapters.FirstOrDefault(adapter => adapter.Name == name);

    private void WriteModel(Utf8JsonWriter json, string id, string root, string? parent)
    {
        long created = time.GetUtcNow().ToUnixTimeSeconds();
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", "model");
        json.WriteNumber("created", created);
        json.WriteString("owned_by", "vllm");
        json.WriteString("root", root);
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
