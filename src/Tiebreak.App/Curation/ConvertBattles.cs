using Tiebreak.Core.Battles;
using Tiebreak.Data;

namespace Tiebreak.App.Curation;

/// <summary>Writes battles in another format.</summary>
public sealed record ConvertBattles
{
    /// <summary>Files of battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The file to write; see <see cref="BattleFiles.Write"/>.</summary>
    public required string Out { get; init; }

    /// <summary>Converts.</summary>
    /// <exception cref="Core.InputException">The data cannot be read, or the format to write is not known.</exception>
    public async Task<ConvertedBattles> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var battles = set.Battles.Where(HasText).ToList();
        var empty = set.Battles.Count - battles.Count;
        if (empty > 0)
            context.Warn(Invariant($"{empty:N0} of {set.Battles.Count:N0} battles have no text and were left out."));
        BattleFiles.Write(Out, battles);
        return new ConvertedBattles(Out, battles.Count, set.Problems.Count);
    }

    private static bool HasText(Battle battle) => battle.Turns
        .SelectMany(turn => new[] { turn.Prompt, turn.ResponseA, turn.ResponseB }).Any(text => !string.IsNullOrWhiteSpace(text));
}

/// <summary>What was converted.</summary>
/// <param name="Out">The file that was written.</param>
/// <param name="Rows">Its battles.</param>
/// <param name="Problems">Rows that could not be read as they should.</param>
public sealed record ConvertedBattles(string Out, int Rows, int Problems);
