namespace Testing;

/// <summary>The folder that holds the solution, found from where the test runs.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "EndpointPicker.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No EndpointPicker.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
