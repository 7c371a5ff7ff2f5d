using System.CommandLine;
using Tiebreak.Core;
using Tiebreak.Native;

namespace Tiebreak.Cli;

/// <summary>The option <c>--libtorch</c> of verbs that use tensors.</summary>
internal sealed class LibTorchOption : Option<string?>
{
    public LibTorchOption()
        : base("--libtorch")
    {
        Description = $"The lib folder of a PyTorch {LibTorch.Expected} installation to use in place of the one that Tiebreak brings (also: {LibTorchFolder.Variable}).";
    }

    /// <summary>Makes the named folder the one that libtorch is loaded from.</summary>
    /// <exception cref="InputException">The folder does not exist.</exception>
    public void Apply(ParseResult parse)
    {
        if (parse.GetValue(this) is not { } folder)
            return;
        if (!Directory.Exists(folder))
            throw new InputException($"--libtorch names {folder}, which is not a folder.");
        LibTorchFolder.Use(folder);
    }
}
