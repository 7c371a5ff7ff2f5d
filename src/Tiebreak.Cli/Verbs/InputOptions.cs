using System.CommandLine;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;

namespace Tiebreak.Cli.Verbs;

/// <summary>
/// How battles and votes are read where a file does not use the usual names, or not all of it is wanted: the options of every verb that
/// reads them.
/// </summary>
internal sealed class InputOptions
{
    private readonly Option<string[]> _columns = new("--columns")
    {
        Description = "What the file calls things: prompt=question,response_a=output_1,winner=preferred.",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "name=column",
    };
    private readonly Option<string[]> _winner = new("--winner")
    {
        Description = "What its words for winners mean, where they are none of the usual: X=model_a,Y=model_b,Z=tie,W=bothbad.",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "word=winner",
    };
    private readonly Option<string[]> _where = new("--where")
    {
        Description = "Only rows with this value in this column: language=English. Several values of one column: any of them.",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "column=value",
    };
    private readonly Option<bool> _acceptLoss = new("--accept-loss")
    {
        Description = "Go on where much of the input cannot be used.",
    };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="ofTestRows">True for a verb of which no row may be lost: it has only the options about names.</param>
    public void AddTo(Command verb, bool ofTestRows)
    {
        verb.Add(_columns);
        verb.Add(_winner);
        if (ofTestRows)
            return;
        verb.Add(_where);
        verb.Add(_acceptLoss);
    }

    /// <summary>Adds the option about columns to a verb that reads test data only for its ids.</summary>
    public void AddIdColumnTo(Command verb)
    {
        _columns.Description = "What the test data calls its ids: id=example_id.";
        verb.Add(_columns);
    }

    /// <summary>What the command line says; nothing of a verb without these options.</summary>
    /// <exception cref="InputException">A value is not of its form.</exception>
    public BattleReadOptions Of(ParseResult parse)
    {
        var columns = Pairs(parse, _columns, "name=column");
        var winners = Pairs(parse, _winner, "word=winner");
        return new BattleReadOptions
        {
            Mapping = columns.Count + winners.Count == 0 ? null : BattleMapping.Of(columns, winners),
            Where = [.. (parse.GetValue(_where) ?? []).Select(text => Split(text, _where, "column=value"))],
        };
    }

    public bool AcceptsLoss(ParseResult parse) => parse.GetValue(_acceptLoss);

    /// <summary>The arguments that say the same, for another process.</summary>
    public static IReadOnlyList<string> ArgumentsOf(BattleMapping? mapping) => mapping is null ? [] :
    [
        .. mapping.Columns.SelectMany(pair => new[] { "--columns", $"{pair.Key}={pair.Value}" }),
        .. mapping.Winners.SelectMany(pair => new[] { "--winner", $"{pair.Key}={VerdictText.Format(pair.Value)}" }),
    ];

    /// <summary>Lists of pairs, with commas between them. A part without an equals sign belongs to the value before.</summary>
    private static List<(string, string)> Pairs(ParseResult parse, Option<string[]> option, string form)
    {
        var pairs = new List<(string, string)>();
        foreach (var text in parse.GetValue(option) ?? [])
        {
            var parts = new List<string>();
            foreach (var part in text.Split(','))
            {
                if (parts.Count > 0 && !part.Contains('=', StringComparison.Ordinal))
                    parts[^1] += $",{part}";
                else
                    parts.Add(part);
            }

            pairs.AddRange(parts.Select(part => Split(part, option, form)));
        }

        return pairs;
    }

    private static (string, string) Split(string text, Option option, string form) =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
            ? (text[..equals].Trim(), text[(equals + 1)..].Trim())
            : throw new InputException($"{option.Name} {text} is not of the form {form}.");
}
