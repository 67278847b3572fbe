namespace EndpointPicker.Core.Requests;

/// <summary>Kinds of JSON values, as a set.</summary>
[Flags]
internal enum JsonKinds
{
    /// <summary>No kind.</summary>
    None = 0,

    /// <summary><c>null</c>.</summary>
    Null = 1,

    /// <summary><c>false</c>.</summary>
    False = 2,

    /// <summary><c>true</c>.</summary>
    True = 4,

    /// <summary>A number.</summary>
    Number = 8,

    /// <summary>A string.</summary>
    String = 16,

    /// <summary>An object.</summary>
    Object = 32,

    /// <summary>An array.</summary>
    Array = 64,

    /// <summary>Every kind.</summary>
    Any = 127,
}
