using System.CommandLine;
using Tiebreak.App;
using Tiebreak.Core;
using Tiebreak.Data;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Cli.Verbs.Model;

/// <summary>
/// The options of verbs that run a model over some battles of a file, as tokens: to calibrate, or to measure what a change does to
/// preferences.
/// </summary>
internal sealed class BattleRowOptions
{
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Battles, tokenised with the model's own tokenizer.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<int> _maxTokens = new("--max-tokens")
    {
        Description = "Most tokens of a battle.",
        DefaultValueFactory = _ => 512,
    };
    private readonly TemplateOption _template = new();

    public BattleRowOptions(Command verb)
    {
        verb.Add(_data);
        verb.Add(_maxTokens);
        verb.Add(_template);
    }

    /// <summary>True if battles were named.</summary>
    public bool AreGiven(ParseResult parse) => parse.GetValue(_data) is { Length: > 0 };

    /// <summary>Some battles of the files, chosen by the seed, as tokens; none where no file was named.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="session">The verb's session.</param>
    /// <param name="folder">The model's folder, with its tokenizer.</param>
    /// <param name="count">Most rows to give.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="InputException">The files hold no battle, or the folder no tokenizer.</exception>
    public async Task<IReadOnlyList<TokenSequence>> LoadAsync(
        ParseResult parse, Session session, string folder, int count, CancellationToken cancellationToken)
    {
        if (!AreGiven(parse))
            return [];

        var data = parse.GetValue(_data)!;
        var set = await session.RunAsync(context => BattleFiles.LoadAsync(context, data, BattlePurpose.Explore, cancellationToken));
        return SampledBattles.Draw(folder, set.Battles, _template.Open(parse), parse.GetValue(_maxTokens), count, session.Seed);
    }
}
