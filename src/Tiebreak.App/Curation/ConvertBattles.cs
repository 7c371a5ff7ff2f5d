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
        BattleFiles.Write(Out, set.Battles);
        return new ConvertedBattles(Out, set.Battles.Count, set.Problems.Count);
    }
}

/// <summary>What was converted.</summary>
/// <param name="Out">The file that was written.</param>
/// <param name="Rows">Its battles.</param>
/// <param name="Problems">Rows that could not be read as they should.</param>
public sealed record ConvertedBattles(string Out, int Rows, int Problems);
