using System.CommandLine;
using Tiebreak.Transformers;

namespace Tiebreak.Cli.Verbs;

/// <summary><c>--compute</c>: what the linear layers of a model are computed with.</summary>
internal sealed class ComputeOption : Option<string>
{
    public ComputeOption()
        : base("--compute")
    {
        DefaultValueFactory = _ => "float";
        _ = this.AcceptOnlyFromAmong("float", "int8");
    }

    /// <summary>What is named.</summary>
    public LinearCompute Of(ParseResult parse) => Enum.Parse<LinearCompute>(parse.GetRequiredValue(this), ignoreCase: true);
}
