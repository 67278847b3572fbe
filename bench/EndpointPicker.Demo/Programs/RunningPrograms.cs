namespace EndpointPicker.Demo.Programs;

/// <summary>All programs that run for the demo; none outlives it.</summary>
internal sealed class RunningPrograms : IAsyncDisposable
{
    private readonly List<ChildProgram> _children = [];

    /// <summary>A program that has died since the start, or null.</summary>
    public ChildProgram? Dead => _children.Find(child => child.HasExited);

    public ChildProgram Start(string name, string path, params IEnumerable<string> arguments)
    {
        var child = ChildProgram.Start(name, path, arguments);
        _children.Add(child);
        return child;
    }

    public async ValueTask DisposeAsync()
    {
        _children.ForEach(child => child.Kill());
        foreach (ChildProgram child in _children)
        {
            await child.DisposeAsync();
        }

        _children.Clear();
    }
}
