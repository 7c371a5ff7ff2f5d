using System.CommandLine;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class ModelVerb : Command
{
    public ModelVerb(Surface surface)
        : base("model", "Look at checkpoints of transformer models.")
    {
        Add(new InspectVerb(surface));
    }
}
