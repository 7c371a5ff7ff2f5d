using System.CommandLine;

namespace Tiebreak.Cli;

/// <summary>The option <c>--states</c> of verbs whose judge may have learned from pooled states.</summary>
internal sealed class StatesOption : Option<string?>
{
    public StatesOption()
        : base("--states") =>
        Description =
            "A Parquet file with the pooled states of a language model for these battles, by id, for judges with the feature group states.";
}
