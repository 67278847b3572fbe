namespace EndpointPicker.Core.RequestControl;

/// <summary>How a request's body ended, as far as the picker sees.</summary>
public enum BodyEnd
{
    /// <summary>All of it was read.</summary>
    Complete,

    /// <summary>The proxy cut it short; more goes to the model server than was read.</summary>
    Cut,

    /// <summary>There is none, or the proxy does not send it.</summary>
    None,
}
