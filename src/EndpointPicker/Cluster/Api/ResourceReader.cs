using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace EndpointPicker.Cluster.Api;

/// <summary>Reads one object from its JSON, only the fields that matter; all others are skipped.</summary>
/// <typeparam name="T">What is made of it.</typeparam>
/// <param name="json">Stands on the object's first token. The bytes may lie in several pieces, so values are compared and read with the reader's own methods.</param>
/// <param name="item">The object.</param>
/// <returns>Whether the object makes sense; an exception says no as well.</returns>
internal delegate bool ResourceReader<T>(ref Utf8JsonReader json, [MaybeNullWhen(false)] out T item);
