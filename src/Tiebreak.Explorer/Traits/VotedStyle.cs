using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Data.Facts;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Explorer.Traits;

/// <summary>
/// The style of both answers beside the vote, battle by battle, and what else is known of the vote; the texts themselves are not kept.
/// </summary>
internal sealed class VotedStyle
{
    private const int Part = 1_024;

    private VotedStyle(VoteSet votes, FeatureTable traits, IReadOnlyList<BattleFacts> facts, IReadOnlyList<string?> annotators) =>
        (Votes, Traits, Facts, Annotators) = (votes, traits, facts, annotators);

    /// <summary>The votes between two different models.</summary>
    public VoteSet Votes { get; }

    /// <summary>The traits of <see cref="StyleFeatures.Names"/> in which the sides of some vote differ.</summary>
    public FeatureTable Traits { get; }

    /// <summary>The facts of each vote's battle.</summary>
    public IReadOnlyList<BattleFacts> Facts { get; }

    /// <summary>Who cast each vote; null where nobody says, or where several people did.</summary>
    public IReadOnlyList<string?> Annotators { get; }

    /// <summary>How each model writes, by name.</summary>
    public required IReadOnlyDictionary<string, ModelStyle> Models { get; init; }

    /// <summary>Gathers votes.</summary>
    /// <param name="battles">The battles; they are read once, one after the other.</param>
    /// <param name="count">How many there are, for the progress.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="progress">Told how many battles have been read.</param>
    /// <param name="cancellationToken">Stops between parts.</param>
    /// <exception cref="InputException">No vote is between two different models.</exception>
    public static VotedStyle Gather(
        IEnumerable<Battle> battles, long count, int threads, IProgress<JobProgress>? progress, CancellationToken cancellationToken)
    {
        var names = StyleFeatures.Names;
        var (votes, differences, facts, annotators) = (new List<Vote>(), new List<double>(), new List<BattleFacts>(), new List<string?>());
        var models = new SortedDictionary<string, ModelStyle>(StringComparer.Ordinal);
        var (options, read) = (new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, 0L);
        foreach (var part in battles.Chunk(Part))
        {
            var (styles, values) = (new (AnswerStyle A, AnswerStyle B)[part.Length], new double[part.Length][]);
            Parallel.For(0, part.Length, options, i =>
            {
                var (a, b) = styles[i] = AnswerStyle.OfBoth(part[i]);
                values[i] = [.. names.Select(name => StyleFeatures.Difference(name, a, b, part[i]))];
            });
            var partFacts = BattleFacts.Of(part, threads, cancellationToken: cancellationToken);
            for (var i = 0; i < part.Length; i++)
            {
                AddTo(models, part[i].ModelA, styles[i].A);
                AddTo(models, part[i].ModelB, styles[i].B);
                if (part[i] is not { Verdict: { } verdict, ModelA: { } one, ModelB: { } other }
                    || string.Equals(one, other, StringComparison.Ordinal))
                {
                    continue;
                }

                votes.Add(new Vote(one, other, verdict));
                differences.AddRange(values[i]);
                facts.Add(partFacts[i]);
                annotators.Add(part[i].AnnotatorIds is [{ Length: > 0 } id] ? id : null);
            }

            progress?.Report(new JobProgress("counting what answers look like", read += part.Length, count));
        }

        if (votes.Count == 0)
            throw new InputException("No battle has a vote and two different models, so that nothing is known about what people reward.");
        return new VotedStyle(VoteSet.Of(votes), StyleFeatures.OfVaried(names, [.. differences]), facts, annotators) { Models = models };
    }

    private static void AddTo(SortedDictionary<string, ModelStyle> models, string? model, AnswerStyle style)
    {
        if (model is not null)
            models[model] = models.GetValueOrDefault(model).With(style);
    }
}

/// <summary>How a model writes: sums over its side of battles.</summary>
/// <param name="Battles">Battles that it took part in; one against itself counts twice.</param>
/// <param name="Tokens">Tokens, estimated.</param>
/// <param name="Headers">Headers.</param>
/// <param name="ListItems">Items of lists.</param>
/// <param name="Bold">Bold spans.</param>
/// <param name="CodeBlocks">Fenced code blocks.</param>
/// <param name="TableRows">Rows of tables.</param>
/// <param name="Refusing">Battles in which it refused a task.</param>
internal readonly record struct ModelStyle(
    int Battles, long Tokens, long Headers, long ListItems, long Bold, long CodeBlocks, long TableRows, int Refusing)
{
    /// <summary>With one battle more.</summary>
    public ModelStyle With(AnswerStyle style) => new(
        Battles + 1, Tokens + style.Tokens, Headers + style.Markdown.Headers, ListItems + style.Markdown.Bullets + style.Markdown.Numbered,
        Bold + style.Markdown.Bold, CodeBlocks + style.Markdown.CodeBlocks, TableRows + style.Markdown.TableRows,
        Refusing + (style.Refusals > 0 ? 1 : 0));
}
