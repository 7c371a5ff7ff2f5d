using System.CommandLine;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class ModelVerb : Command
{
    public ModelVerb(Surface surface)
        : base("model", "Fetch checkpoints of transformer models and look into them.")
    {
        Add(new FetchVerb(surface));
        Add(new InspectVerb(surface));
    }
}
