using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.Requests.Readers;

namespace EndpointPicker.Core.RequestControl;

/// <summary>What reads the requests of one director, kept with a pooled request for those that follow.</summary>
/// <param name="owner">The director.</param>
internal sealed class RequestTools(RequestDirector owner)
{
    public RequestDirector Owner => owner;

    /// <summary>Reads bodies; made at the first one.</summary>
    public JsonRequestReader? JsonReader { get; set; }

    /// <summary>Hashes prompts; made at the first one that is needed.</summary>
    public PromptHasher? Hasher { get; set; }
}
