using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Routing;
using Tiebreak.Testing;

namespace Tiebreak.Ratings.Tests.Routing;

/// <summary>A predictor for <see cref="PlantedBattles"/> that knows the truth, and shifts it by a stated error.</summary>
/// <param name="effect">How much prompts matter.</param>
/// <param name="usesPrompts">Whether it looks at prompts.</param>
/// <param name="error">The shift.</param>
/// <param name="vectorSize">Above 0, the place of the 1 in a prompt's vector says what it is about; see <see cref="Kinds"/>.</param>
internal sealed class KindPredictor(double effect, bool usesPrompts, double error = 0, int vectorSize = 0) : IPromptPredictor
{
    public static readonly string[] Kinds = ["code", "poem", "fact"];

    private readonly PlantedBattles _planted = new(effect);

    public double Error => error;

    public IReadOnlyList<string> Models => PlantedBattles.Models;

    public bool UsesPrompts => usesPrompts;

    public int VectorSize => usesPrompts ? vectorSize : 0;

    public static string KindOf(string? prompt) => prompt switch
    {
        null => "fact",
        _ when prompt.StartsWith("Write a function", StringComparison.Ordinal) || prompt.StartsWith("Fix", StringComparison.Ordinal)
            || prompt.StartsWith("Implement", StringComparison.Ordinal) => "code",
        _ when prompt.StartsWith("Write a poem", StringComparison.Ordinal) || prompt.StartsWith("Compose", StringComparison.Ordinal)
            || prompt.StartsWith("A haiku", StringComparison.Ordinal) => "poem",
        _ => "fact",
    };

    public void Predict(string? prompt, ReadOnlySpan<float> vector, int reference, Span<Preference> preferences)
    {
        var kind = !usesPrompts || prompt is null ? "fact" : vectorSize == 0 ? KindOf(prompt) : Kinds[vector.IndexOf(1)];
        for (var m = 0; m < preferences.Length; m++)
        {
            var truth = _planted.Truth(Models[m], Models[reference], kind);
            preferences[m] = Preference.Normalised(truth.A * Math.Exp(error), truth.B, truth.Tie);
        }
    }

    /// <summary>A kind of predictor that needs no training. The file holds the numbers of the constructor.</summary>
    internal sealed class Format(KindPredictor with, KindPredictor without, double effect) : IPromptPredictorFormat
    {
        public string Kind => "planted";

        public IReadOnlyDictionary<string, string> Versions { get; } = new Dictionary<string, string>();

        public IPromptPredictor Open(string folder)
        {
            var numbers = File.ReadAllText(Path.Combine(folder, "planted.txt")).Split(' ');
            return new KindPredictor(
                effect, numbers[0] is "True", double.Parse(numbers[1], CultureInfo.InvariantCulture), with.VectorSize);
        }

        public TrainedPromptPredictor Train(TrainingJob job, CancellationToken cancellationToken = default) => new()
        {
            WithPrompts = with,
            WithoutPrompts = without,
            OfFold = [.. Enumerable.Repeat<IPromptPredictor>(with, job.FoldCount)],
            OfFoldWithoutPrompts = [.. Enumerable.Repeat<IPromptPredictor>(without, job.FoldCount)],
            SaveAsync = (predictor, folder) => File.WriteAllTextAsync(
                Path.Combine(folder, "planted.txt"),
                string.Create(CultureInfo.InvariantCulture, $"{predictor.UsesPrompts} {((KindPredictor)predictor).Error:R}")),
        };
    }
}
