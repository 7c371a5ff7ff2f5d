using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tiebreak.Testing;

namespace Tiebreak.Native.Tests;

public sealed class LibTorchSharpRepairTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _original = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_copy_loads_and_the_original_stays()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "repairs the library for linux-x64");
        Assert.True(LibTorch.State.IsLoaded, LibTorch.State.Detail);
        var copy = LibTorchSharpRepair.Repair(_original, _folder["cache"]);

        Assert.True(NativeLibrary.TryLoad(copy, out var handle));
        Assert.True(NativeLibrary.TryGetExport(handle, "THSTorch_get_and_reset_last_err", out _));
        Assert.Equal(LibTorchSharpRepair.OriginalHash, Hash(_original));
        Assert.Equal(LibTorchSharpRepair.RepairedHash, Hash(copy));
    }

    [Fact]
    public void Many_at_once_make_one_copy()
    {
        var copies = new string[16];
        Parallel.For(0, copies.Length, i => copies[i] = LibTorchSharpRepair.Repair(_original, _folder["cache"]));

        Assert.Single(copies.Distinct(StringComparer.Ordinal));
        Assert.Equal([copies[0]], Directory.GetFiles(_folder["cache"]));
    }

    [Fact]
    public void A_damaged_copy_is_made_again()
    {
        var copy = LibTorchSharpRepair.Repair(_original, _folder["cache"]);
        File.WriteAllText(copy, "half a file");

        Assert.Equal(copy, LibTorchSharpRepair.Repair(_original, _folder["cache"]));
        Assert.Equal(LibTorchSharpRepair.RepairedHash, Hash(copy));
    }

    [Fact]
    public void An_unknown_file_is_not_touched()
    {
        var other = _folder.Write("libLibTorchSharp.so", "something else");
        var exception = Assert.Throws<InvalidDataException>(() => LibTorchSharpRepair.Repair(other, _folder["cache"]));

        Assert.Contains("is not the file of TorchSharp 0.107.0", exception.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["cache"]));
    }

    [Fact]
    public void A_cache_that_cannot_be_made_is_an_error() =>
        Assert.ThrowsAny<IOException>(() => LibTorchSharpRepair.Repair(_original, Path.Combine(_folder.Write("file", ""), "cache")));

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
