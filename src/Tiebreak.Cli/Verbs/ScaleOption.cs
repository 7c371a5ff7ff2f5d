using System.CommandLine;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Cli.Verbs;

/// <summary>The option <c>--scale</c>: how numbers that are no probabilities become some.</summary>
internal sealed class ScaleOption : Option<string>
{
    private const string Softmax = "softmax";
    private const string Division = "division";

    public ScaleOption()
        : base("--scale")
    {
        Description = "How numbers become probabilities that are none: softmax (logits, logarithms) or division by the sum of the row "
            + "(counts, weights).";
        _ = this.AcceptOnlyFromAmong(Softmax, Division);
    }

    /// <summary>What the command line says; none where it says nothing.</summary>
    public SubmissionScale Get(ParseResult parse) => parse.GetValue(this) switch
    {
        Softmax => SubmissionScale.Softmax,
        Division => SubmissionScale.Division,
        _ => SubmissionScale.None,
    };
}
