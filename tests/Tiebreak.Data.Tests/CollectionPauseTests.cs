using System.Runtime;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Tests;

[CollectionDefinition(nameof(CollectionPauseTests), DisableParallelization = true)]
[Collection(nameof(CollectionPauseTests))]
public sealed class CollectionPauseTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public CollectionPauseTests() => AppContext.SetSwitch(BattleSet.CollectionPauseSwitch, isEnabled: true);

    public void Dispose()
    {
        AppContext.SetSwitch(BattleSet.CollectionPauseSwitch, isEnabled: false);
        _folder.Dispose();
    }

    [Fact]
    public void There_is_none_unless_the_executable_allows_it()
    {
        AppContext.SetSwitch(BattleSet.CollectionPauseSwitch, isEnabled: false);
        Assert.Null(CollectionPause.For([FileOf(40 << 20)]));
    }

    [Fact]
    public void There_is_one_pause_at_a_time_and_it_ends()
    {
        var path = FileOf(40 << 20);
        using (var pause = CollectionPause.For([path]))
        {
            Assert.NotNull(pause);
            Assert.Equal(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
            Assert.Null(CollectionPause.For([path]));
        }

        Assert.NotEqual(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
        using var next = CollectionPause.For([path]);
        Assert.NotNull(next);
    }

    [Fact]
    public void Small_files_and_files_that_are_not_there_need_none()
    {
        Assert.Null(CollectionPause.For([FileOf(1 << 20)]));
        Assert.Null(CollectionPause.For([_folder["missing"]]));
    }

    [Fact]
    public void Where_more_memory_is_needed_than_expected_the_runtime_collects_and_nothing_fails()
    {
        var collections = GC.CollectionCount(0);
        using var pause = CollectionPause.For([FileOf(10 << 20)]);
        Assert.NotNull(pause);
        var kept = new List<byte[]>();
        for (var i = 0; i < 20_000; i++)
            kept.Add(new byte[20_000]);

        Assert.True(GC.CollectionCount(0) > collections + 1); // the first one begins the pause
        Assert.Equal(20_000, kept.Count);
    }

    [Fact]
    public void A_pause_that_a_collection_has_ended_leaves_the_one_that_the_host_began_since()
    {
        var pause = CollectionPause.For([FileOf(10 << 20)]);
        Assert.NotNull(pause);
        GC.Collect();
        Assert.True(GC.TryStartNoGCRegion(100 << 20));

        pause.Dispose();

        Assert.Equal(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
        GC.EndNoGCRegion();
    }

    private string FileOf(long length)
    {
        var path = _folder.Write([], $"{length}");
        using var file = File.OpenWrite(path);
        file.SetLength(length); // takes no room on the disk
        return path;
    }
}
