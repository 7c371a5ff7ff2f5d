using System.CommandLine;
using System.CommandLine.Invocation;
using Tiebreak.Core;
using Tiebreak.Native;

namespace Tiebreak.Cli;

/// <summary>
/// The option <c>--libtorch</c> of verbs that compute with tensors. A verb only adds it: the named folder is in force before the verb runs,
/// so that nothing native can have been loaded from elsewhere.
/// </summary>
internal sealed class LibTorchOption : Option<string?>
{
    public LibTorchOption()
        : base("--libtorch")
    {
        Description = $"The lib folder of a PyTorch {LibTorch.Expected} installation to use in place of the one that Tiebreak brings "
            + $"(also: {LibTorchFolder.Variable}).";
        Action = new UseFolder(this);
    }

    private sealed class UseFolder(LibTorchOption option) : SynchronousCommandLineAction
    {
        // The verb runs after it.
        public override bool Terminating => false;

        public override int Invoke(ParseResult parseResult)
        {
            var folder = parseResult.GetRequiredValue(option)!;
            if (!Directory.Exists(folder))
                throw new InputException($"--libtorch names {folder}, which is not a folder.");
            LibTorchFolder.Use(folder);
            return TiebreakCommand.Ok;
        }
    }
}
