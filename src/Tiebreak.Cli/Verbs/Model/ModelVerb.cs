using System.CommandLine;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class ModelVerb : Command
{
    public ModelVerb(Surface surface)
        : base("model", "Fetch published checkpoints, look into them and compute with them.")
    {
        Add(new ChatVerb(surface));
        Add(new CheckVerb(surface));
        Add(new FetchVerb(surface));
        Add(new ImportVerb(surface));
        Add(new InspectVerb(surface));
        Add(new LogitsVerb(surface));
        Add(new MergeVerb(surface));
        Add(new QuantizeVerb(surface));
        Add(new TinyVerb(surface));
    }
}
