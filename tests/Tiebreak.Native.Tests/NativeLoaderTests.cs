namespace Tiebreak.Native.Tests;

public sealed class NativeLoaderTests
{
    [Fact]
    public void OpenMp_is_there_and_is_the_one_that_Tiebreak_brings()
    {
        var state = OpenMp.EnsureLoaded();

        Assert.True(state.IsLoaded, state.Detail);
        if (OperatingSystem.IsLinux())
        {
            Assert.StartsWith(
                Path.Combine(AppContext.BaseDirectory, LibTorchFolder.BundledName, "libgomp"), state.Path, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_missing_library_is_reported_not_thrown()
    {
        var state = NativeLoader.TryLoad("Nothing", "lib_no_such_thing", typeof(NativeLoaderTests).Assembly);

        Assert.False(state.IsLoaded);
        Assert.Contains("lib_no_such_thing", state.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_library_is_reported_with_its_cause()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the file name is that of Linux");
        var path = Path.Combine(AppContext.BaseDirectory, "lib_damaged.so");
        File.WriteAllText(path, new string('x', 4096));
        var state = NativeLoader.TryLoad("Damaged", "lib_damaged", typeof(NativeLoaderTests).Assembly);

        Assert.False(state.IsLoaded);
        Assert.Contains("invalid ELF header", state.Detail, StringComparison.Ordinal);
    }
}
