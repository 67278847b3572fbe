namespace EndpointPicker.Core.Requests.Parsers;

/// <summary>What a request's headers say of how to read it.</summary>
/// <param name="Route">The route; <see langword="null"/> where no parser takes the path.</param>
/// <param name="ReadsBody">
/// Whether the body is to be read. Not where the API is not read, and not where <c>content-encoding</c> says that it is compressed: the model
/// server unpacks it, the picker places such a request on its headers alone rather than refuse it.
/// </param>
/// <param name="Error">Why the request is refused; <see langword="null"/> where it is not.</param>
public readonly record struct RouteMatch(RequestRoute? Route, bool ReadsBody, RequestError? Error);
