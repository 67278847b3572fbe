namespace EndpointPicker.Core.Requests;

/// <summary>
/// The parts of a prompt in the order in which a model server sees them, whatever order the body has them in: a chat template puts tools and
/// system text before the messages.
/// </summary>
public enum PromptLane
{
    /// <summary>Tool definitions.</summary>
    Tools,

    /// <summary>System text or instructions outside the messages.</summary>
    System,

    /// <summary>Messages, prompt or input.</summary>
    Messages,
}
