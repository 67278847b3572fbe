using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Tests.Scheduling;

namespace EndpointPicker.Core.Tests.Endpoints;

public sealed class AdapterResidencyTests
{
    private readonly TestPool _pool = new(1);

    private AdapterResidency Adapters => _pool.Endpoints[0].Adapters;

    [Fact]
    public void Picked_BaseModel_IsNeverNoted()
    {
        Scrape(2);
        Adapters.PublishLoaded(["a", "b", "c"]);
        Adapters.Picked("base");

        Assert.False(Holds("base"));
    }

    [Fact]
    public void Picked_ModelListUnknown_IsNotNotedUntilTheGaugeShowsIt()
    {
        Scrape(2);
        Adapters.Picked("a");
        Assert.False(Holds("a"));

        Scrape(2, "a");
        Assert.True(Holds("a"));
    }

    [Fact]
    public void Picked_MoreThanSlots_EvictsTheLeastRecent()
    {
        Scrape(2);
        Adapters.PublishLoaded(["a", "b", "c"]);
        Assert.False(Holds("a"));
        Adapters.Picked("a");
        Adapters.Picked("b");
        Adapters.Picked("a");
        Adapters.Picked("c");

        Assert.Equal((true, false, true), (Holds("a"), Holds("b"), Holds("c")));
    }

    [Fact]
    public void Resident_AfterAnEviction_ListsWhatIsInASlot()
    {
        Assert.Empty(Adapters.Resident());
        Scrape(2, "a");
        Scrape(2, "b");
        Scrape(2, "c");
        Assert.Equal(["b", "c"], Adapters.Resident().Order());
    }

    [Fact]
    public void PublishLoaded_AllFit_AreResident()
    {
        Adapters.PublishLoaded(["a", "b"]);
        Assert.False(Holds("a"));
        Scrape(2);

        Assert.Equal((true, true), (Holds("a"), Holds("b")));
    }

    [Fact]
    public void PublishLoaded_AdapterGone_IsForgotten()
    {
        Scrape(4, "a", "b");
        Adapters.PublishLoaded(["b"]);
        Assert.Equal((false, true), (Holds("a"), Holds("b")));

        Adapters.PublishLoaded(null);
        Assert.True(Holds("b"));
        Assert.Null(Adapters.Loaded);
    }

    [Fact]
    public void Observe_MoreSlots_KeepsWhatIsThere()
    {
        Scrape(1, "a");
        Scrape(3, "b");

        Assert.Equal((true, true), (Holds("a"), Holds("b")));
    }

    [Fact]
    public void Holds_LoraOff_IsFalse()
    {
        _pool.Publish(0, new EndpointSignals());
        Adapters.Picked("a");
        Assert.False(Holds("a"));
    }

    private void Scrape(int slots, params string[] running) => _pool.Publish(0, new EndpointSignals { MaxAdapters = slots, RunningAdapters = running });

    private bool Holds(string adapter) => Adapters.Holds(AdapterResidency.Hash(adapter));
}
