namespace Tiebreak.Native.Tests;

public sealed class LoadErrorTests
{
    private const string Header = "Unable to load shared library '/app/libx.so' or one of its dependencies. In order to help diagnose: \n";

    [Theory]
    [InlineData(
        "libgomp.so.1: cannot open shared object file: No such file or directory",
        "libx.so needs libgomp.so.1, which is not on this system")]
    [InlineData(
        "/lib/libc.so.6: version `GLIBC_2.34' not found (required by /app/libx.so)",
        "libx.so needs GLIBC_2.34, and this system's C library (glibc) is older")]
    [InlineData(
        "/lib/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by /app/libx.so)",
        "libx.so needs GLIBCXX_3.4.30, and this system's C++ library")]
    [InlineData("/app/libx.so: undefined symbol: abc", "/app/libx.so cannot be loaded: /app/libx.so: undefined symbol: abc")]
    public void The_true_cause_is_told(string linker, string sentence)
    {
        var noise = "/app/libx.so.so: cannot open shared object file: No such file or directory\n";
        Assert.StartsWith(sentence, LoadError.Explain("/app/libx.so", new DllNotFoundException(Header + linker)), StringComparison.Ordinal);
        Assert.StartsWith(
            sentence, LoadError.Explain("/app/libx.so", new DllNotFoundException(Header + noise + linker)), StringComparison.Ordinal);
    }
}
