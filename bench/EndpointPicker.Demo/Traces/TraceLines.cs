using System.IO.Compression;
using System.Text.Json;

namespace EndpointPicker.Demo.Traces;

/// <summary>The lines of a trace that are not empty, with their numbers in the file.</summary>
internal sealed class TraceLines(string path, IReadOnlyList<(int Number, string Text)> lines)
{
    public string Path => path;

    public IReadOnlyList<(int Number, string Text)> All => lines;

    /// <summary>Opens a file, plain or gzip.</summary>
    public static TraceLines Open(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            bool zipped = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            using var reader = new StreamReader(zipped ? new GZipStream(file, CompressionMode.Decompress) : file);
            var lines = new List<(int, string)>();
            for (int number = 1; reader.ReadLine() is { } line; number++)
            {
                if (!string.IsNullOrWhiteSpace(line))
                {
                    lines.Add((number, line));
                }
            }

            return lines.Count > 0 ? new TraceLines(path, lines) : throw new TraceException($"{path}: the file is empty");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new TraceException($"{path}: {exception.Message}");
        }
    }

    /// <summary>What is wrong with a line.</summary>
    public TraceException Problem(int number, string what, string expected) => new($"{path}:{number}: {what}; expected {expected}");

    /// <summary>Reads every line, but for a number of them at the top.</summary>
    public List<T> Rows<T>(int skip, string expected, Func<string, T> read)
    {
        var rows = new List<T>(lines.Count);
        foreach ((int number, string text) in lines.Skip(skip))
        {
            try
            {
                rows.Add(read(text));
            }
            catch (Exception exception) when (exception is JsonException or FormatException)
            {
                throw Problem(number, exception is JsonException ? "this is not JSON" : exception.Message, expected);
            }
        }

        return rows.Count > 0 ? rows : throw Problem(lines[^1].Number, "there are no requests", expected);
    }

    /// <summary>Reads every line as a JSON object.</summary>
    public List<T> JsonRows<T>(string expected, Func<JsonElement, T> read) => Rows(0, expected, text =>
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : throw new FormatException("this is not a JSON object");
    });
}
