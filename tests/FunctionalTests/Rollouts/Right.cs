namespace FunctionalTests.Rollouts;

/// <summary>One verb on one resource.</summary>
public readonly record struct Right(string Verb, string Group, string Resource)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static Right Parse(string text)
    {
        string[] parts = text.Split(' ', '/');
        return new Right(parts[0], parts[1], parts[2]);
    }

    /// <summary>As in <c>list llm-d.ai/inferenceobjectives</c>; pods have no group.</summary>
    public override string ToString() => $"{Verb} {Group}/{Resource}";
}
