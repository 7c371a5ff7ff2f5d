using System.CommandLine;

namespace Tiebreak.Cli.Verbs;

/// <summary>The option <c>--form</c>: what a submission says about a battle.</summary>
internal sealed class FormOption : Option<string>
{
    private const string Winner = "winner";

    public FormOption()
        : base("--form")
    {
        Description = "What the submission says: probabilities, or winner (id,winner: model_a or model_b), the WSDM Cup's form.";
        DefaultValueFactory = _ => "probabilities";
        _ = this.AcceptOnlyFromAmong("probabilities", Winner);
    }

    public bool IsWinner(ParseResult parse) => string.Equals(parse.GetValue(this), Winner, StringComparison.Ordinal);
}
