using System.CommandLine;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class DataVerb : Command
{
    public DataVerb(Surface surface)
        : base("data", "Look at battle files, convert and clean them.")
    {
        Add(new AuditVerb(surface));
        Add(new CompareFilesVerb(surface));
        Add(new ShowVerb(surface));
        Add(new ConvertVerb(surface));
        Add(new CleanVerb(surface));
        Add(new DedupVerb(surface));
        Add(new SplitVerb(surface));
        Add(new SampleVerb(surface));
        Add(new TopicsVerb(surface));
        Add(new NearestVerb(surface));
        Add(new FetchVerb(surface));
    }
}
