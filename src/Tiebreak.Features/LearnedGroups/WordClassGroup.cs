using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Files;
using Tiebreak.Features.Counted;
using Tiebreak.Features.TermVectors;

namespace Tiebreak.Features.LearnedGroups;

/// <summary>
/// The average class probability per word: each word has the smoothed chances that a response that holds it won, lost, or tied; a response
/// has the mean over its different words, as log odds of winning against losing and of a tie.
/// </summary>
/// <param name="vocabulary">The words and word pairs.</param>
/// <param name="odds">Of each: log odds of winning, log odds of a tie, both against the average word.</param>
internal sealed class WordClassGroup(TermVocabulary vocabulary, (float Win, float Tie)[] odds) : ILearnedGroup
{
    public const string Name = "word_classes";
    public const string FileName = "word_classes.tsv";

    private const string Header = "term\twin\ttie";

    public static FeatureColumn[] AllColumns { get; } =
    [
        new("diff_word_classes", Name, IsAntisymmetric: true),
        new("tie_word_classes", Name, IsAntisymmetric: false),
        new("tie_word_classes_prompt", Name, IsAntisymmetric: false),
    ];

    public IReadOnlyList<FeatureColumn> Columns => AllColumns;

    public void Fill(Battle battle, Span<float> target) => Fill(odds, new TermVectoriser(vocabulary).Of(battle), target);

    public static void Fill((float Win, float Tie)[] odds, BattleVectors vectors, Span<float> target)
    {
        var (a, b, prompt) = (Mean(odds, vectors.A), Mean(odds, vectors.B), Mean(odds, vectors.Prompt));
        target[0] = a.Win - b.Win;
        target[1] = a.Tie + b.Tie;
        target[2] = prompt.Tie;
    }

    public Task SaveAsync(string folder) => LineFile.WriteAsync(
        Path.Combine(folder, FileName),
        odds.Select((odd, i) => string.Create(CultureInfo.InvariantCulture, $"{vocabulary.Terms[i]}\t{odd.Win:R}\t{odd.Tie:R}"))
            .Prepend(Header));

    /// <exception cref="InputException">Not such a file.</exception>
    public static WordClassGroup Read(string path)
    {
        var lines = File.ReadAllLines(path);
        if (lines.Length == 0 || !string.Equals(lines[0], Header, StringComparison.Ordinal))
            throw new InputException($"{path} is not a file of word classes. Train the judge again.");

        var terms = new string[lines.Length - 1];
        var odds = new (float Win, float Tie)[terms.Length];
        for (var i = 0; i < terms.Length; i++)
        {
            var fields = lines[i + 1].Split('\t');
            if (fields.Length != 3 || !float.TryParse(fields[1], CultureInfo.InvariantCulture, out odds[i].Win)
                || !float.TryParse(fields[2], CultureInfo.InvariantCulture, out odds[i].Tie))
            {
                throw new InputException($"{path}, line {i + 2} is not a term with two numbers. Train the judge again.");
            }

            terms[i] = fields[0];
        }

        return new WordClassGroup(new TermVocabulary(TermKind.Words, terms, [.. terms.Select(_ => 1f)]), odds);
    }

    private static (float Win, float Tie) Mean((float Win, float Tie)[] odds, TermVector vector)
    {
        var (win, tie) = (0.0, 0.0);
        foreach (var term in vector.Indices)
        {
            win += odds[term].Win;
            tie += odds[term].Tie;
        }

        var count = Math.Max(1, vector.Indices.Length);
        return ((float)(win / count), (float)(tie / count));
    }
}
