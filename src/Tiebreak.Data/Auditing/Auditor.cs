using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Core.Metrics;
using Tiebreak.Data.Deduplication;
using Tiebreak.Data.Facts;
using Tiebreak.Text;

namespace Tiebreak.Data.Auditing;

/// <summary>Looks at battle files the way a careful person would before training on them.</summary>
public static class Auditor
{
    private const int LengthBins = 11;
    private const int MostModelsInPairs = 20;

    /// <summary>Audits files together.</summary>
    /// <param name="files">One file or more.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="tokens">Counts tokens; the estimate where null.</param>
    /// <param name="cancellationToken">Stops between battles.</param>
    /// <exception cref="InputException">The files hold no battles.</exception>
    public static Audit Run(
        IReadOnlyList<AuditedFile> files, int threads, TokenCounter? tokens = null, CancellationToken cancellationToken = default) =>
        Run(files, alikePrompts: null, threads, tokens, cancellationToken);

    /// <summary>Audits files together, and also finds prompts that mean the same.</summary>
    /// <param name="files">One file or more.</param>
    /// <param name="embedder">Tells the meaning of prompts; those that it does not read are compared by their words.</param>
    /// <param name="leastCosine">The cosine from which on prompts mean the same, above 0 and at most 1.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="tokens">Counts tokens; the estimate where null.</param>
    /// <param name="cancellationToken">Stops between battles.</param>
    /// <returns>The audit, and how many battles were compared by their words.</returns>
    /// <exception cref="InputException">The files hold no battles.</exception>
    internal static async Task<(Audit Audit, int ByWords)> RunAsync(
        IReadOnlyList<AuditedFile> files,
        ITextEmbedder embedder,
        double leastCosine,
        int threads,
        TokenCounter? tokens,
        CancellationToken cancellationToken)
    {
        var (alike, isRead) = await Deduplicator.GroupsWithinAsync(
            [.. files.SelectMany(file => file.Battles)], embedder, leastCosine, PromptsOnly(threads), cancellationToken)
            .ConfigureAwait(false);
        return (Run(files, alike, threads, tokens, cancellationToken), isRead.Count(read => !read));
    }

    private static Audit Run(
        IReadOnlyList<AuditedFile> files, int[]? alikePrompts, int threads, TokenCounter? tokens, CancellationToken cancellationToken)
    {
        Battle[] battles = [.. files.SelectMany(file => file.Battles)];
        if (battles.Length == 0)
            throw new InputException("There is no battle to audit.");

        tokens ??= TokenCounter.Estimate;
        var facts = BattleFacts.Of(battles, threads, tokens, cancellationToken: cancellationToken);
        int[] fileOf = [.. files.SelectMany((file, number) => Enumerable.Repeat(number, file.Battles.Count))];
        var places = Place(fileOf, [.. files.Select(file => file.IsTest)], battles, facts, alikePrompts, threads, cancellationToken);
        BattleFacts[] labelled = [.. facts.Where(fact => fact.Verdict is not null)];
        BattleFacts[] decisive = [.. labelled.Where(fact => fact.HasWinner)];
        BattleFacts[] unequal = [.. decisive.Where(fact => fact.LengthA != fact.LengthB)];
        return new Audit
        {
            Files = [.. files.Select(file => (file.Name, file.Battles.Count, file.Problems.Count, file.IsTest))],
            Facts = facts,
            Prompts = places.SamePrompt.Count,
            Findings =
            [
                .. (alikePrompts is null ? Finding.All : Finding.All.Concat(Finding.OfMeaning))
                    .Select(finding => FindingResult.Of(finding, places)),
            ],
            Verdicts = Enum.GetValues<Verdict>()
                .ToDictionary(verdict => verdict, verdict => labelled.Count(fact => fact.Verdict == verdict)),
            Turns = facts.CountBy(fact => fact.Turns).OrderBy(turns => turns.Key).ToDictionary(),
            Languages =
            [
                .. facts.CountBy(fact => fact.Language, StringComparer.Ordinal).OrderByDescending(language => language.Value)
                    .ThenBy(language => language.Key, StringComparer.Ordinal).Select(language => (language.Key, language.Value)),
            ],
            Sources =
            [
                .. facts.CountBy(fact => (fact.Source, fact.License)).OrderByDescending(source => source.Value)
                    .ThenBy(source => source.Key.Source, StringComparer.Ordinal)
                    .ThenBy(source => source.Key.License, StringComparer.Ordinal)
                    .Select(source => (source.Key.Source, source.Key.License, source.Value)),
            ],
            Lengths =
            [
                Summarise("prompt", facts.Select(fact => fact.PromptLength)),
                Summarise("response A", facts.Select(fact => fact.LengthA)),
                Summarise("response B", facts.Select(fact => fact.LengthB)),
                Summarise("whole battle in tokens", facts.Select(fact => fact.Tokens)),
            ],
            TokensAre = tokens.Name,
            FirstSide = ShareOfWins.Of(decisive.Count(fact => fact.Verdict == Verdict.A), decisive.Length),
            LongerSide = ShareOfWins.Of(
                unequal.Count(fact => fact.Verdict == Verdict.A == fact.LengthA > fact.LengthB), unequal.Length),
            LengthCurve = Curve(labelled),
            Models = SummariseModels(labelled),
            Pairs = TabulatePairs(labelled),
        };
    }

    /// <summary>Finds which battles are alike, for the findings that depend on it.</summary>
    /// <param name="files">The file of each battle.</param>
    /// <param name="isTest">Of each file, whether it is test data.</param>
    /// <param name="battles">The battles of all files; of the texts only the prompts are looked at.</param>
    /// <param name="facts">Their facts, of which the keys and the verdict are looked at.</param>
    /// <param name="alikePrompts">The group of each battle, by prompts that mean the same; null where nobody asked for it.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between battles.</param>
    internal static BattlePlaces Place(
        int[] files,
        bool[] isTest,
        IReadOnlyList<Battle> battles,
        IReadOnlyList<BattleFacts> facts,
        int[]? alikePrompts,
        int threads,
        CancellationToken cancellationToken)
    {
        var near = Deduplicator.GroupsWithin(battles, PromptsOnly(threads), cancellationToken);
        return new BattlePlaces(facts, files, isTest, near, alikePrompts);
    }

    private static DeduplicationOptions PromptsOnly(int threads) =>
        new() { Match = DuplicateMatch.Near, Scope = DuplicateScope.Prompt, Threads = threads };

    private static LengthSummary Summarise(string text, IEnumerable<int> lengths)
    {
        double[] sorted = [.. lengths.Select(length => (double)length).Order()];
        return new LengthSummary(
            text, sorted.Average(), Quantile.Of(sorted, 0.5), Quantile.Of(sorted, 0.9), Quantile.Of(sorted, 0.99), (int)sorted[^1]);
    }

    private static List<LengthBin> Curve(BattleFacts[] labelled)
    {
        var ordered = labelled.Select(fact => (Fact: fact, Ratio: Math.Log((fact.LengthA + 1.0) / (fact.LengthB + 1.0))))
            .OrderBy(row => row.Ratio).ToArray();
        var bins = new List<LengthBin>();
        for (var bin = 0; bin < LengthBins; bin++)
        {
            var rows = ordered[(int)((long)ordered.Length * bin / LengthBins)..(int)((long)ordered.Length * (bin + 1) / LengthBins)];
            if (rows.Length == 0)
                continue;

            double Share(Outcome outcome) => rows.Count(row => row.Fact.Verdict!.Value.ToOutcome() == outcome) / (double)rows.Length;
            var shares = new Preference(Share(Outcome.A), Share(Outcome.B), Share(Outcome.Tie));
            bins.Add(new LengthBin(rows.Average(row => row.Ratio), rows.Length, shares));
        }

        return bins;
    }

    private static List<ModelSummary> SummariseModels(BattleFacts[] labelled)
    {
        var sides = labelled.SelectMany(fact => new[]
        {
            (Model: fact.ModelA, Verdict: fact.Verdict!.Value),
            (Model: fact.ModelB, Verdict: fact.Verdict!.Value.Swapped()),
        }).Where(side => side.Model is not null);
        return
        [
            .. sides.GroupBy(side => side.Model!, side => side.Verdict, StringComparer.Ordinal).Select(verdicts =>
            {
                var all = verdicts.Count();
                var (wins, losses) = (verdicts.Count(verdict => verdict == Verdict.A), verdicts.Count(verdict => verdict == Verdict.B));
                var winRate = wins + losses == 0 ? double.NaN : (double)wins / (wins + losses);
                return new ModelSummary(verdicts.Key, all, winRate, (double)(all - wins - losses) / all);
            }).OrderByDescending(model => model.Battles).ThenBy(model => model.Model, StringComparer.Ordinal),
        ];
    }

    private static PairTable TabulatePairs(BattleFacts[] labelled)
    {
        BattleFacts[] known = [.. labelled.Where(fact => fact is { ModelA: not null, ModelB: not null })];
        string[] models =
        [
            .. known.SelectMany(fact => new[] { fact.ModelA!, fact.ModelB! }).CountBy(model => model, StringComparer.Ordinal)
                .OrderByDescending(model => model.Value).ThenBy(model => model.Key, StringComparer.Ordinal)
                .Take(MostModelsInPairs).Select(model => model.Key),
        ];
        var numbers = models.Select((model, i) => (model, i)).ToDictionary(pair => pair.model, pair => pair.i, StringComparer.Ordinal);
        var (count, wins) = (new double[models.Length, models.Length], new double[models.Length, models.Length]);
        foreach (var fact in known)
        {
            if (!numbers.TryGetValue(fact.ModelA!, out var a) || !numbers.TryGetValue(fact.ModelB!, out var b) || a == b)
                continue;

            (count[a, b], count[b, a]) = (count[a, b] + 1, count[b, a] + 1);
            if (fact.HasWinner)
            {
                var (winner, loser) = fact.Verdict == Verdict.A ? (a, b) : (b, a);
                wins[winner, loser]++;
            }
        }

        var fraction = new double[models.Length, models.Length];
        for (var i = 0; i < models.Length; i++)
        {
            for (var j = 0; j < models.Length; j++)
                fraction[i, j] = wins[i, j] + wins[j, i] == 0 ? double.NaN : wins[i, j] / (wins[i, j] + wins[j, i]);
        }

        return new PairTable(models, count, fraction);
    }
}
