using System.Text.Json;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.DataLayer;

/// <summary>
/// An endpoint's <c>/v1/models</c>: entries with a parent are its loaded LoRA adapters, busy or not, which no metric tells. A server that
/// does not answer, or not like that, is one with unknown adapters.
/// </summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="wanted">Whether the list is of use now.</param>
/// <param name="metrics">Counts answers that make no sense.</param>
internal sealed class ModelsPage(Endpoint endpoint, Func<bool> wanted, DataLayerMetrics metrics) : Page
{
    private const string ExtractorType = "models-data-extractor";

    // One lost answer among many is no news; a list that cannot be had for longer is no longer believed.
    private const int FailuresUntilUnknown = 3;

    private byte[] _body = [];
    private int _length;

    /// <inheritdoc/>
    public override string SourceType => "models-data-source";

    /// <inheritdoc/>
    public override bool Wanted => wanted();

    /// <inheritdoc/>
    public override void Begin() => _length = 0;

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _body.Length)
        {
            Array.Resize(ref _body, Math.Max(1024, 2 * (_length + bytes.Length)));
        }

        bytes.CopyTo(_body.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <inheritdoc/>
    public override bool Complete(long timestamp)
    {
        List<string> adapters = [];
        bool valid;
        try
        {
            valid = ReadList(_body.AsSpan(0, _length), adapters);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            valid = false;
        }

        if (!valid)
        {
            metrics.ExtractFailed(SourceType, ExtractorType);
            endpoint.Adapters.PublishLoaded(null);
            return false;
        }

        if (endpoint.Adapters.Loaded is not { } before || !before.SequenceEqual(adapters))
        {
            endpoint.Adapters.PublishLoaded([.. adapters]);
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Fail(int failures)
    {
        if (failures >= FailuresUntilUnknown)
        {
            endpoint.Adapters.PublishLoaded(null);
        }
    }

    private static bool ReadList(ReadOnlySpan<byte> body, List<string> adapters)
    {
        Utf8JsonReader reader = new(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        bool listed = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isData = reader.ValueTextEquals("data"u8);
            reader.Read();
            if (!isData)
            {
                reader.Skip();
            }
            else if (reader.TokenType != JsonTokenType.StartArray)
            {
                return false;
            }
            else
            {
                listed = true;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (reader.TokenType != JsonTokenType.StartObject)
                    {
                        return false;
                    }

                    ReadModel(ref reader, adapters);
                }
            }
        }

        return listed;
    }

    private static void ReadModel(ref Utf8JsonReader reader, List<string> adapters)
    {
        string? id = null;
        bool hasParent = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isId = reader.ValueTextEquals("id"u8);
            bool isParent = reader.ValueTextEquals("parent"u8);
            reader.Read();
            if (isId && reader.TokenType == JsonTokenType.String)
            {
                id = reader.GetString();
            }
            else if (isParent && reader.TokenType == JsonTokenType.String)
            {
                hasParent = !reader.ValueTextEquals(""u8);
            }
            else
            {
                reader.Skip();
            }
        }

        if (hasParent && !string.IsNullOrEmpty(id))
        {
            adapters.Add(id);
        }
    }
}
