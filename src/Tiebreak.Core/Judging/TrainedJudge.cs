using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Licences;

namespace Tiebreak.Core.Judging;

/// <summary>
/// What training gives: the final judge, and, with cross-validation, what judges of the same recipe said about battles that they had
/// not seen.
/// </summary>
public sealed record TrainedJudge
{
    /// <summary>The judge of one order, trained on all battles; not yet calibrated. The receiver disposes it.</summary>
    public required IJudge Judge { get; init; }

    /// <summary>
    /// One preference per battle by a judge that was trained without the battle's fold, averaged over both orders, not yet calibrated.
    /// Of battles that are not the target's, anything valid: nobody reads it. Owed with cross-validation only: null where battles are
    /// held out (<see cref="TrainingJob.HeldOut"/>), because the judge itself is asked about them.
    /// </summary>
    public IReadOnlyList<Preference>? OutOfFold { get; init; }

    /// <summary>Writes the model's files into a folder.</summary>
    public required Func<string, Task> SaveAsync { get; init; }

    /// <summary>Versions of the libraries that decide what the judge computes.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What the training found out besides the judge, for people and machines: importances, losses without parts of it.</summary>
    public JsonObject Report { get; init; } = [];

    /// <summary>What the weights that the judge stands on say of their licences.</summary>
    internal IReadOnlyList<LicenceStatement> Licences { get; init; } = [];

    /// <summary>How many battles the bundle is checked with whenever it is opened: few, where one takes long.</summary>
    public int CheckRows { get; init; } = 16;

    /// <summary>The most characters that such a battle may have, where the data has enough shorter ones.</summary>
    public long CheckCharacters { get; init; } = 20_000;

    /// <summary>How far a check row may differ when the bundle is opened: rounding, not error.</summary>
    public double CheckTolerance { get; init; } = 1e-6;
}
