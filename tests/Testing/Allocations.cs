namespace Testing;

/// <summary>Measures what a warm piece of code allocates on its thread.</summary>
public static class Allocations
{
    private const int Runs = 5;

    /// <summary>The least of a few runs: now and then the runtime itself allocates on the thread, when it compiles a method anew.</summary>
    /// <param name="run">The code, warm.</param>
    public static long Least(Action run)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Runs; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
