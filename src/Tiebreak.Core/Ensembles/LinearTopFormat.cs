using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Ensembles;

/// <summary>
/// The judge kind "linear", which is on top of a stack: it reads what the members say among the numbers of a battle
/// (<see cref="StackedJudge.NumbersOf"/>), and nothing else.
/// </summary>
internal sealed class LinearTopFormat : IJudgeFormat
{
    private const string FileName = "linear.json";

    /// <inheritdoc/>
    public string Kind => "linear";

    /// <inheritdoc/>
    public IJudgeTrainer CreateTrainer(Recipe recipe)
    {
        var options = recipe.Bind(EnsembleJson.Default.LinearTopOptions, new LinearTopOptions());
        return options.Ridge > 0 && options.Tube >= 0
            ? new Trainer(options)
            : throw new InputException("The recipe's key \"ridge\" must be above 0, and \"tube\" 0 or more.");
    }

    /// <inheritdoc/>
    public Task<IJudge> OpenAsync(BundleOpening opening, CancellationToken cancellationToken = default)
    {
        var path = Path.Combine(opening.Folder, FileName);
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(path), EnsembleJson.Default.LinearTop) is { IsPossible: true } top)
                return Task.FromResult<IJudge>(new Judge(top));
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new InputException($"{path} is damaged. Copy the bundle again, or train it again.");
    }

    private static Preference[] Said(Battle battle, int members)
    {
        var said = new Preference[members];
        for (var member = 0; member < members; member++)
        {
            var (nameA, nameB) = StackedJudge.NumbersOf(member);
            if (battle.Numbers is null || !battle.Numbers.TryGetValue(nameA, out var a) || !battle.Numbers.TryGetValue(nameB, out var b))
            {
                throw new InputException(
                    $"Battle {battle.Id} has no numbers {nameA} and {nameB}: a judge of kind \"linear\" is made for the top of a stack.");
            }

            said[member] = Preference.Normalised(a, b, Math.Max(0, 1 - a - b));
        }

        return said;
    }

    private sealed class Judge(LinearTop top) : IJudge
    {
        public JudgeTraits Traits { get; } = new()
        {
            IsSymmetric = true,
            Numbers = StackedJudge.NumbersOfAll(top.Ahead.Count),
        };

        public Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default) => request.AnswerAsync(
            (battles, progress) =>
            {
                JudgeOutcome[] outcomes = [.. battles.Select(battle => JudgeOutcome.Of(top.Apply(Said(battle, top.Ahead.Count))))];
                progress?.Report(outcomes.Length);
                return Task.FromResult(outcomes);
            },
            Traits.IsSymmetric);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Trainer(LinearTopOptions options) : IJudgeTrainer
    {
        public JsonObject ResolvedOptions => JsonSerializer.SerializeToNode(options, EnsembleJson.Default.LinearTopOptions)!.AsObject();

        public bool TakesWeights => true;

        public Task<TrainedJudge> TrainAsync(TrainingJob job, CancellationToken cancellationToken = default)
        {
            var members = 0;
            while (job.Battles.Battles[0].Numbers?.ContainsKey(StackedJudge.NumbersOf(members).A) == true)
                members++;
            Preference[][] said = [.. job.Battles.Battles.Select(battle => Said(battle, Math.Max(1, members)))];
            LinearTop FitOn(int[] rows) => LinearTop.Fit(
                options,
                [.. rows.Select(i => said[i])], [.. rows.Select(i => job.Battles.Targets[i])], [.. rows.Select(i => job.Weights[i])]);

            var top = FitOn([.. Enumerable.Range(0, said.Length)]);
            var outOfFold = job.HeldOut is null ? new Preference[said.Length] : null;
            for (var fold = 0; outOfFold is not null && fold < job.FoldCount; fold++)
            {
                var ofOthers = FitOn(job.Outside(fold));
                foreach (var i in job.Inside(fold))
                    outOfFold[i] = ofOthers.Apply(said[i]);
            }

            return Task.FromResult(new TrainedJudge
            {
                Judge = new Judge(top),
                OutOfFold = outOfFold,
                SaveAsync = folder => File.WriteAllBytesAsync(
                    Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(top, EnsembleJson.Default.LinearTop)),
            });
        }
    }
}
