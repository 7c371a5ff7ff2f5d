using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;

namespace Tiebreak.Core.Training;

/// <summary>What the work of a training depends on: all that could change a number in it.</summary>
internal static class WorkIdentity
{
    public static IReadOnlyDictionary<string, string> Of(JudgeTraining training, LabelledBattles battles)
    {
        var versions = FolderManifest.VersionsWith(new Dictionary<string, string>(StringComparer.Ordinal));
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["judge kind"] = training.Kind,
            ["recipe"] = training.Trainer.ResolvedOptions.ToJsonString(),
            ["data"] = string.Join(", ", training.Data.Select(file => $"{file.File} (sha256 {file.Sha256})")),
            ["target"] = training.Target ?? BattleSource.Of(battles.Battles[0]),
            ["validation"] = training.Validation.ToString(),
            ["seed"] = string.Create(
                CultureInfo.InvariantCulture,
                $"{training.Seed}{(training.TrainerSeed is { } ofTrainer ? $" (of the trainer: {ofTrainer})" : "")}"),
            ["device"] = training.Placement.Device,
            ["version of Tiebreak"] = versions["tiebreak"],
            ["system"] = versions["system"],
            ["sequence of battles"] = DigestOf(battles), // the same files can be read in several ways; weights and teachers too
        };
    }

    private static string DigestOf(LabelledBattles battles)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < battles.Count; i++)
        {
            var (battle, target) = (battles.Battles[i], battles.Targets[i]);
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{battle.Id}\n{ContentKey.Of(battle).Value}\n{target.A:R} {target.B:R} {target.Tie:R}\n")));
            if (battles.Weights[i] != 1)
                hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{battles.Weights[i]:R}\n")));
            foreach (var teacher in battles.Teachers)
            {
                var said = teacher[i] ?? new Preference(double.NaN, double.NaN, double.NaN);
                hash.AppendData(MemoryMarshal.AsBytes<double>([said.A, said.B, said.Tie]));
            }

            ReadOnlySpan<IReadOnlyList<float>?> states =
                [battle.States?.Prompt, battle.States?.ResponseA, battle.States?.ResponseB, battle.States?.Pair];
            foreach (var state in states)
                hash.AppendData(MemoryMarshal.AsBytes<float>([.. state ?? []]));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
