namespace EndpointPicker.Core.Requests.Responses;

/// <summary>Where an API's answers tell their token usage.</summary>
public enum ResponseFormat
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary><c>usage</c>, or <c>response.usage</c> in a stream of the responses API.</summary>
    OpenAi,

    /// <summary><c>usage</c>; in a stream <c>message.usage</c> at its start and <c>usage</c> at its end.</summary>
    Anthropic,

    /// <summary><c>meta_info</c>.</summary>
    Sglang,
}
