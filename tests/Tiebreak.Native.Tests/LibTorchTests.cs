using System.Runtime.InteropServices;

namespace Tiebreak.Native.Tests;

public sealed partial class LibTorchTests
{
    [Fact]
    public void It_loads_from_the_folder_beside_the_program()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere the package's own assets serve");
        var state = LibTorch.State;

        Assert.True(state.IsLoaded, state.Detail);
        Assert.Equal(LibTorch.Expected, state.Version);
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, LibTorchFolder.BundledName), state.Folder);
    }

    [Fact]
    public void One_OpenMP_runtime_is_in_the_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        Assert.True(LibTorch.State.IsLoaded, LibTorch.State.Detail);

        var runtimes = File.ReadLines("/proc/self/maps").Where(line => line.Contains("gomp", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/')..]).Distinct(StringComparer.Ordinal);
        Assert.Single(runtimes);
    }

    [Fact]
    public void A_folder_named_after_the_look_is_refused()
    {
        _ = LibTorchFolder.Path;
        Assert.Throws<InvalidOperationException>(() => LibTorchFolder.Use("/elsewhere"));
    }

    [Fact]
    public void Freed_blocks_stay_with_the_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a setting of glibc");
        Assert.True(Allocator.KeepFreedBlocks());
    }

    [Fact]
    public void Native_libraries_see_a_variable_and_what_the_user_has_set_stays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a setting by the C library's environment");
        const string name = "TIEBREAK_TEST_VARIABLE";
        NativeEnvironment.SetUnlessSet(name, "first");
        NativeEnvironment.SetUnlessSet(name, "second");
        Assert.Equal("first", Marshal.PtrToStringUTF8(Variable(name)));
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial IntPtr Variable(string name);
}
