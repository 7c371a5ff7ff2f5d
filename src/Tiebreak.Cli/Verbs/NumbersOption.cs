using System.CommandLine;

namespace Tiebreak.Cli.Verbs;

/// <summary>The option <c>--numbers</c> of verbs whose judge may have learned from numbers beside the texts.</summary>
internal sealed class NumbersOption : Option<string?>
{
    public NumbersOption()
        : base("--numbers") =>
        Description = "A CSV or Parquet file with numbers of these battles by id (rubric scores, rewards, seconds), for feature judges.";
}
