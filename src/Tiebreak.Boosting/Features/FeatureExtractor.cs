using Tiebreak.Boosting.LightGbm;
using Tiebreak.Core.Battles;

namespace Tiebreak.Boosting.Features;

/// <summary>
/// Turns battles into rows of numbers. The first <see cref="Antisymmetric"/> columns change their sign when A and B are exchanged and all others
/// stay the same, so that the swapped row costs nothing: see <see cref="Swap"/>.
/// </summary>
public static class FeatureExtractor
{
    private static readonly string[] PairNames = ["same_words", "identical", "one_side_empty", "length_gap", "turns"];
    private static readonly string[] PromptNames =
        ["prompt_characters", "prompt_lines", "prompt_questions", "prompt_code_lines", "prompt_digits", "prompt_non_ascii_share"];

    /// <summary>Columns that change their sign under a swap: differences of A and B, the linear model's score first.</summary>
    public static int Antisymmetric => 1 + ResponseFeature.All.Count;

    /// <summary>One name per column.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "diff_terms",
        .. ResponseFeature.All.Select(feature => "diff_" + feature.Name),
        "tie_terms",
        .. ResponseFeature.All.Select(feature => "sum_" + feature.Name),
        .. PairNames,
        .. PromptNames,
    ];

    /// <summary>The name of a column as a person would say it: "long words, A against B".</summary>
    public static string Describe(int column)
    {
        var name = Names[column].Replace('_', ' ');
        return name.StartsWith("diff ", StringComparison.Ordinal) ? name[5..] + ", A against B"
            : name.StartsWith("sum ", StringComparison.Ordinal) ? name[4..] + ", both together"
            : name;
    }

    /// <summary>Works out the features of battles in parallel.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="progress">Receives the number of battles done so far.</param>
    /// <param name="cancellationToken">Stops between battles.</param>
    /// <returns><c>[battles, Names.Count]</c>; the two columns of the linear model are 0 until <see cref="SetTerms"/>.</returns>
    public static FeatureMatrix Extract(
        IReadOnlyList<Battle> battles, int threads, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var matrix = new FeatureMatrix(battles.Count, Names.Count);
        var done = 0;
        Parallel.For(0, battles.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i =>
        {
            Fill(matrix[i], battles[i]);
            if (Interlocked.Increment(ref done) is var count && count % 256 == 0)
                progress?.Report(count);
        });
        progress?.Report(battles.Count);
        return matrix;
    }

    /// <summary>Sets the two columns of the linear model.</summary>
    public static void SetTerms(Span<float> row, (double A, double Tie) score)
    {
        row[0] = (float)(2 * score.A);
        row[Antisymmetric] = (float)score.Tie;
    }

    /// <summary>Writes the features of the swapped battle.</summary>
    /// <param name="row">The features of a battle.</param>
    /// <param name="swapped">Receives those of the same battle with A and B exchanged.</param>
    public static void Swap(ReadOnlySpan<float> row, Span<float> swapped)
    {
        row.CopyTo(swapped);
        foreach (ref var value in swapped[..Antisymmetric])
            value = -value;
    }

    private static void Fill(Span<float> row, Battle battle)
    {
        var prompt = ResponseText.Of(battle.Turns.Select(turn => turn.Prompt));
        var a = ResponseText.Of(battle.Turns.Select(turn => turn.ResponseA));
        var b = ResponseText.Of(battle.Turns.Select(turn => turn.ResponseB));

        var differences = row[1..Antisymmetric];
        var sums = row[(Antisymmetric + 1)..];
        for (var k = 0; k < ResponseFeature.All.Count; k++)
        {
            var (valueA, valueB) = (ResponseFeature.All[k].Value(a, prompt), ResponseFeature.All[k].Value(b, prompt));
            differences[k] = (float)(valueA - valueB);
            sums[k] = (float)(valueA + valueB);
        }

        Span<float> rest =
        [
            (float)a.Words.Jaccard(b.Words),
            battle.Turns.All(turn => string.Equals(turn.ResponseA, turn.ResponseB, StringComparison.Ordinal)) ? 1 : 0,
            a.All.Characters == 0 != (b.All.Characters == 0) ? 1 : 0,
            MathF.Abs(differences[0]),
            battle.Turns.Count,
            Log(prompt.All.Characters),
            Log(prompt.All.Lines),
            Log(prompt.All.Questions),
            Log(prompt.Markdown.CodeLines),
            Log(prompt.All.Digits),
            prompt.All.Characters == 0 ? 0 : (float)prompt.All.NonAscii / prompt.All.Characters,
        ];
        rest.CopyTo(sums[ResponseFeature.All.Count..]);
    }

    private static float Log(int count) => (float)Math.Log(1.0 + count);
}
