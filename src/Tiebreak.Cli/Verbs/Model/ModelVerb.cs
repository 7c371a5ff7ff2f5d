using System.CommandLine;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class ModelVerb : Command
{
    public ModelVerb(Surface surface)
        : base("model", "Look into published checkpoints and compute with them.")
    {
        Add(new LogitsVerb(surface));
        Add(new MergeVerb(surface));
        Add(new QuantizeVerb(surface));
    }
}
