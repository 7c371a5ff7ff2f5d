using System.CommandLine;

namespace Tiebreak.Cli.Verbs;

/// <summary>The option <c>--numbers</c> of verbs whose judge may have learned from numbers beside the texts.</summary>
internal sealed class NumbersOption : Option<string?>
{
    public NumbersOption()
        : base("--numbers") =>
        Description = "A CSV, Parquet or JSON file with numbers of these battles by id (rewards, rubric scores), for feature judges.";
}
