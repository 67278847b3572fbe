namespace EndpointPicker.Demo.Traffic;

/// <summary>The names that requests call for.</summary>
internal static class Models
{
    public const string Base = "llama-8b";

    public static readonly IReadOnlyList<string> Adapters = ["lora-sql", "lora-support"];
}
