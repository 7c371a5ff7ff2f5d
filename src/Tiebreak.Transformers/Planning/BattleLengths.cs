using Tiebreak.Core.Battles;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Sequences;

namespace Tiebreak.Transformers.Planning;

/// <summary>Tokens of battles as a model reads them: counted by its tokenizer, or estimated where its folder holds none.</summary>
internal sealed record BattleLengths
{
    /// <summary>Folder of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Most tokens that are read at once.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Where sides are read apart: most texts of a side.</summary>
    public int Chunks { get; init; } = 1;

    /// <summary>How a battle is written.</summary>
    public required BattleTemplate Template { get; init; }

    /// <summary>What is given up where a battle is longer.</summary>
    public BudgetStrategy Strategy { get; init; } = BudgetStrategy.Rounds;

    /// <summary>Estimates the tokens of a text.</summary>
    public required Func<string?, int> EstimateTokens { get; init; }

    /// <summary>Threads to use.</summary>
    public required int Threads { get; init; }

    private bool ReadsApart => Template.Layout is TemplateLayout.Reply;

    /// <summary>
    /// Tokens of every sequence of every battle after it has been fitted into the budget, and whether they are estimated.
    /// </summary>
    public (int[][] Lengths, bool IsEstimate) Of(IReadOnlyList<Battle> battles, CancellationToken cancellationToken) =>
        Open() is { } texts
            ? (ForEach(battles, battle => Array.ConvertAll(texts.Of(battle), text => text.Tokens.Count), cancellationToken), false)
            : (ForEach(battles, battle => Estimate(battle).SelectMany(Texts).ToArray(), cancellationToken), true);

    /// <summary>The sequences of every battle; null where the folder holds no tokenizer.</summary>
    public TokenSequence[][]? Write(IReadOnlyList<Battle> battles, CancellationToken cancellationToken) =>
        Open() is { } sequences ? ForEach(battles, battle => sequences.Of(battle), cancellationToken) : null;

    private BattleSequences? Open()
    {
        if (!Directory.EnumerateFiles(Model).Any(file => CheckpointFiles.IsTokenizer(Path.GetFileName(file))))
            return null;
        var chat = Template.IsChat ? ChatTemplate.Find(Model) : null;
        return new BattleSequences(new BattleFitter(TokenizerFile.Open(Model), Template, Strategy, MaxTokens, chat), ReadsApart, Chunks);
    }

    private T[] ForEach<T>(IReadOnlyList<Battle> battles, Func<Battle, T> make, CancellationToken cancellationToken)
    {
        var made = new T[battles.Count];
        Parallel.For(
            0, made.Length, new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancellationToken },
            i => made[i] = make(battles[i]));
        return made;
    }

    private IEnumerable<int> Texts(int tokens)
    {
        var count = Math.Clamp((tokens + MaxTokens - 1) / MaxTokens, 1, Chunks);
        return Enumerable.Repeat(Math.Min(MaxTokens, (tokens + count - 1) / count), count);
    }

    /// <summary>The tokens of the pair, or of each side with the prompts, before anything is cut.</summary>
    private int[] Estimate(Battle battle)
    {
        var (prompts, a, b) = (Tokens(turn => turn.Prompt), Tokens(turn => turn.ResponseA), Tokens(turn => turn.ResponseB));
        return ReadsApart ? [1 + prompts + a, 1 + prompts + b] : [1 + prompts + a + b];

        int Tokens(Func<Turn, string?> text) => battle.Turns.Sum(turn => EstimateTokens(text(turn)));
    }
}
