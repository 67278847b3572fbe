using System.Text;
using EndpointPicker.Core.Requests;
using Testing;

namespace EndpointPicker.Core.Tests.Requests;

public sealed class ModelNamesTests
{
    [Fact]
    public void Get_KnownName_IsTheSameStringWithoutAllocation()
    {
        ModelNames names = new(16);
        string first = names.Get("llama"u8);
        string second = "";

        Assert.Equal(0, Allocations.Least(() => second = names.Get("llama"u8)));
        Assert.Same(first, second);
        Assert.Equal("llama", second);
    }

    [Fact]
    public void Get_MoreNamesThanCapacity_KeepsTheFirstAndReadsTheRestRight()
    {
        ModelNames names = new(16);
        string first = names.Get("m0"u8);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal($"m{i}", names.Get(Encoding.UTF8.GetBytes($"m{i}")));
        }

        Assert.Same(first, names.Get("m0"u8));
        Assert.NotSame(names.Get("m99"u8), names.Get("m99"u8));
    }

    [Fact]
    public async Task Get_ManyThreads_AgreeOnOneStringEach()
    {
        ModelNames names = new(64);
        string[][] seen = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () => Enumerable.Range(0, 64).Select(i => names.Get(Encoding.UTF8.GetBytes($"m{i}"))).ToArray(),
            TestContext.Current.CancellationToken)));

        for (int i = 0; i < 64; i++)
        {
            Assert.All(seen, strings => Assert.Same(seen[0][i], strings[i]));
        }
    }
}
