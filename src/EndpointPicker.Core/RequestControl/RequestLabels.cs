using System.Globalization;

namespace EndpointPicker.Core.RequestControl;

/// <summary>The labels of one kind of request, made once and used by every request of that kind.</summary>
internal sealed class RequestLabels
{
    private readonly KeyValuePair<string, object?>[]?[] _errors = new KeyValuePair<string, object?>[]?[ErrorNames.Length];

    public RequestLabels(string model, string targetModel, string fairnessId, int priority)
    {
        All =
        [
            new("model_name", model),
            new("target_model_name", targetModel),
            new("fairness_id", fairnessId),
            new("priority", priority.ToString(CultureInfo.InvariantCulture)),
        ];
        Streaming = [.. All, new("streaming", "true")];
        NotStreaming = [.. All, new("streaming", "false")];
        HasModel = model.Length > 0;
    }

    public KeyValuePair<string, object?>[] All { get; }

    public KeyValuePair<string, object?>[] Streaming { get; }

    public KeyValuePair<string, object?>[] NotStreaming { get; }

    public bool HasModel { get; }

    public KeyValuePair<string, object?> FairnessId => All[2];

    public KeyValuePair<string, object?> Priority => All[3];

    private static string[] ErrorNames { get; } = [.. Enum.GetNames<InferenceErrorCode>(), "ModelServerError"];

    public KeyValuePair<string, object?>[] Error(InferenceErrorCode code) => Error((int)code);

    public KeyValuePair<string, object?>[] ModelServerError() => Error(ErrorNames.Length - 1);

    private KeyValuePair<string, object?>[] Error(int code) =>
        _errors[code] ??= [.. All, new("error_code", ErrorNames[code])];
}
