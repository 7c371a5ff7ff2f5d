using Tiebreak.App.Evaluating;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Submissions;

namespace Tiebreak.App.Validating;

/// <summary>Says what a judge can be used for whose answers are files: probabilities, or bare verdicts.</summary>
public sealed record ValidatePredictions
{
    /// <summary>Its answers by id.</summary>
    public required string Predictions { get; init; }

    /// <summary>
    /// Its answers about the battles with A and B exchanged, as it gave them: their A is the battle's B. Null where it was not asked.
    /// </summary>
    public string? Swapped { get; init; }

    /// <summary>Its answers when it was asked the same again; null where it was not.</summary>
    public string? Again { get; init; }

    /// <summary>Files of labelled battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>How the files' numbers become probabilities that are none.</summary>
    public SubmissionScale Scale { get; init; }

    /// <summary>What the judge must reach.</summary>
    public IReadOnlyList<MeasureRequirement> Requirements { get; init; } = [];

    /// <summary>Validates.</summary>
    /// <exception cref="InputException">A file cannot be used, or no battle has a prediction.</exception>
    public async Task<ValidationDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var file = PredictionFile.Read(Predictions, Scale, takesVerdicts: true);
        var (swapped, again) = (ReadOther(Swapped), ReadOther(Again));
        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Train, cancellationToken).ConfigureAwait(false);
        var overlap = PredictionOverlap.Of(Predictions, file, set.Battles);
        var answers = new JudgeAnswers
        {
            Battles = overlap.Battles,
            Answers = overlap.Preferences,
            AreProbabilities = !file.HoldsVerdicts,
            Orders = Joined(overlap, swapped, Swapped),
            Retest = Joined(overlap, again, Again),
            Remarks = [.. overlap.Remarks, .. file.Remarks, .. swapped?.Remarks ?? [], .. again?.Remarks ?? []],
        };
        return ValidationDocument.Create(Predictions, answers, Requirements, context, cancellationToken);

        PredictionFile? ReadOther(string? path)
        {
            if (path is null)
                return null;
            var other = PredictionFile.Read(path, Scale, takesVerdicts: true);
            return other.HoldsVerdicts == file.HoldsVerdicts ? other : throw new InputException(
                $"{(file.HoldsVerdicts ? path : Predictions)} holds probabilities and {(file.HoldsVerdicts ? Predictions : path)} bare "
                + "verdicts. Give both in the same form.");
        }
    }

    private static List<(int Battle, Preference First, Preference Other)> Joined(
        PredictionOverlap overlap, PredictionFile? file, string? path)
    {
        var joined = new List<(int, Preference, Preference)>();
        if (file is null)
            return joined;

        var byId = file.Rows.ToDictionary(row => row.Id, row => row.Preference, IdComparer.Instance);
        for (var i = 0; i < overlap.Battles.Count; i++)
        {
            if (byId.TryGetValue(overlap.Battles[i].Id, out var other))
                joined.Add((i, overlap.Preferences[i], other));
        }

        return joined.Count > 0 ? joined : throw new InputException(
            $"{path} has no row for any battle that has a prediction. Give the answers about the same battles, with the same ids.");
    }
}
