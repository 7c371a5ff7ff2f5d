using System.CommandLine;
using System.CommandLine.Completions;
using Tiebreak.Torch;

namespace Tiebreak.Cli.Verbs;

/// <summary>
/// <c>--dtype</c>: an element type that models are stored in and computed with. The names are asked for when the option or the help is
/// used, because all verbs are made at every start of the command, and the tensor library need not be loaded then.
/// </summary>
internal sealed class DTypeOption : Option<string?>
{
    public DTypeOption()
        : base("--dtype")
    {
        CompletionSources.Add(_ => Names().Select(name => new CompletionItem(name)));
        Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => DTypes.OfModelNamed(token.Value) is null))
            {
                result.AddError($"Argument '{token.Value}' not recognized. Must be one of:{Environment.NewLine}"
                    + string.Join(Environment.NewLine, Names().Select(name => $"\t'{name}'")));
            }
        });
    }

    /// <summary>The type that is named; null where the option is not given and has no default.</summary>
    public DType? Of(ParseResult parse) => DTypes.OfModelNamed(parse.GetValue(this));

    private static IEnumerable<string> Names() => DTypes.OfModels.Select(type => type.TorchName());
}
