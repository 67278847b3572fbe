namespace EndpointPicker.Core.Requests;

/// <summary>
/// Reads one request body as it streams in, in one pass over its bytes: model, stream flag, token limits and, where a sink is given, the
/// prompt. It keeps no reference to the bytes.
/// </summary>
public abstract class RequestReader
{
    /// <summary>Takes the next bytes of the body, in any split.</summary>
    /// <param name="body">The next bytes.</param>
    /// <returns><see langword="false"/> once the body is known to be wrong; <see cref="Finish"/> says how.</returns>
    public abstract bool Append(ReadOnlySpan<byte> body);

    /// <summary>Ends the body and writes what was read into the request.</summary>
    /// <param name="cut">Whether the proxy cut the body short, so that its end may be missing.</param>
    /// <returns><see langword="null"/>, or what is wrong with the body.</returns>
    public abstract RequestError? Finish(bool cut);
}
