using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

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
        IReadOnlyList<AuditedFile> files, int threads, TokenCounter? tokens = null, CancellationToken cancellationToken = default)
    {
        Battle[] battles = [.. files.SelectMany(file => file.Battles)];
        if (battles.Length == 0)
            throw new InputException("There is no battle to audit.");

        tokens ??= TokenCounter.Estimate;
        var facts = new BattleFacts[battles.Length];
        Parallel.For(0, facts.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            i => facts[i] = BattleFacts.Of(battles[i], tokens));
        int[] labelled = [.. Enumerable.Range(0, battles.Length).Where(i => battles[i].Verdict is not null)];
        int[] decisive = [.. labelled.Where(i => battles[i].Verdict is Verdict.A or Verdict.B)];
        int[] unequal = [.. decisive.Where(i => facts[i].LengthA != facts[i].LengthB)];
        return new Audit
        {
            Files = [.. files.Select(file => (file.Name, file.Battles.Count, file.Problems.Count, file.IsTest))],
            Rows = battles.Length,
            Prompts = PromptGroup.Number(battles).Max() + 1,
            Findings = FindingList.Create(files, battles, facts, threads, cancellationToken),
            Verdicts = Enum.GetValues<Verdict>().ToDictionary(
                verdict => verdict, verdict => labelled.Count(i => battles[i].Verdict == verdict)),
            Turns = facts.GroupBy(fact => fact.Turns).OrderBy(group => group.Key).ToDictionary(group => group.Key, group => group.Count()),
            Languages = [.. facts.GroupBy(fact => fact.Language, StringComparer.Ordinal)
                .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => (group.Key, group.Count()))],
            Sources = [.. battles.GroupBy(battle => (battle.Source, battle.License)).OrderByDescending(group => group.Count())
                .ThenBy(group => group.Key.Source, StringComparer.Ordinal).ThenBy(group => group.Key.License, StringComparer.Ordinal)
                .Select(group => (group.Key.Source, group.Key.License, group.Count()))],
            Lengths =
            [
                Summarise("prompt", facts.Select(fact => fact.PromptLength)),
                Summarise("response A", facts.Select(fact => fact.LengthA)),
                Summarise("response B", facts.Select(fact => fact.LengthB)),
                Summarise("whole battle in tokens", facts.Select(fact => fact.Tokens)),
            ],
            TokensAre = tokens.Name,
            FirstSide = ShareOfWins.Of(decisive.Count(i => battles[i].Verdict == Verdict.A), decisive.Length),
            LongerSide = ShareOfWins.Of(
                unequal.Count(i => battles[i].Verdict == Verdict.A == facts[i].LengthA > facts[i].LengthB), unequal.Length),
            LengthCurve = Curve(labelled, battles, facts),
            Models = SummariseModels(battles),
            Pairs = TabulatePairs(battles),
        };
    }

    private static LengthSummary Summarise(string text, IEnumerable<int> lengths)
    {
        double[] sorted = [.. lengths.Select(length => (double)length).Order()];
        return new LengthSummary(
            text, sorted.Average(), Quantile.Of(sorted, 0.5), Quantile.Of(sorted, 0.9), Quantile.Of(sorted, 0.99), (int)sorted[^1]);
    }

    private static List<LengthBin> Curve(int[] labelled, Battle[] battles, BattleFacts[] facts)
    {
        var ordered = labelled.Select(i => (Row: i, Ratio: Math.Log((facts[i].LengthA + 1.0) / (facts[i].LengthB + 1.0))))
            .OrderBy(row => row.Ratio).ToArray();
        var bins = new List<LengthBin>();
        for (var bin = 0; bin < LengthBins; bin++)
        {
            var rows = ordered[(int)((long)ordered.Length * bin / LengthBins)..(int)((long)ordered.Length * (bin + 1) / LengthBins)];
            if (rows.Length == 0)
                continue;

            double Share(Outcome outcome) =>
                rows.Count(row => battles[row.Row].Verdict!.Value.ToOutcome() == outcome) / (double)rows.Length;
            bins.Add(new LengthBin(
                rows.Average(row => row.Ratio), rows.Length, new Preference(Share(Outcome.A), Share(Outcome.B), Share(Outcome.Tie))));
        }

        return bins;
    }

    private static List<ModelSummary> SummariseModels(Battle[] battles)
    {
        var sides = battles.Where(battle => battle.Verdict is not null)
            .SelectMany(battle => new[]
            {
                (Model: battle.ModelA, Verdict: battle.Verdict!.Value),
                (Model: battle.ModelB, Verdict: battle.Verdict!.Value.Swapped()),
            })
            .Where(side => side.Model is not null);
        return
        [
            .. sides.GroupBy(side => side.Model!, StringComparer.Ordinal).Select(group =>
            {
                var (all, wins, losses) =
                    (group.Count(), group.Count(side => side.Verdict == Verdict.A), group.Count(side => side.Verdict == Verdict.B));
                return new ModelSummary(
                    group.Key, all, wins + losses == 0 ? double.NaN : (double)wins / (wins + losses), (double)(all - wins - losses) / all);
            }).OrderByDescending(model => model.Battles).ThenBy(model => model.Model, StringComparer.Ordinal),
        ];
    }

    private static PairTable TabulatePairs(Battle[] battles)
    {
        Battle[] known = [.. battles.Where(battle => battle is { ModelA: not null, ModelB: not null, Verdict: not null })];
        string[] models = [.. known.SelectMany(battle => new[] { battle.ModelA!, battle.ModelB! })
            .GroupBy(model => model, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Take(MostModelsInPairs).Select(group => group.Key)];
        var numbers = models.Select((model, i) => (model, i)).ToDictionary(pair => pair.model, pair => pair.i, StringComparer.Ordinal);
        var (count, wins, decisive) =
            (new double[models.Length, models.Length], new double[models.Length, models.Length], new double[models.Length, models.Length]);
        foreach (var battle in known)
        {
            if (!numbers.TryGetValue(battle.ModelA!, out var a) || !numbers.TryGetValue(battle.ModelB!, out var b) || a == b)
                continue;

            (count[a, b], count[b, a]) = (count[a, b] + 1, count[b, a] + 1);
            if (battle.Verdict is Verdict.A or Verdict.B)
            {
                (decisive[a, b], decisive[b, a]) = (decisive[a, b] + 1, decisive[b, a] + 1);
                var (winner, loser) = battle.Verdict == Verdict.A ? (a, b) : (b, a);
                wins[winner, loser]++;
            }
        }

        var fraction = new double[models.Length, models.Length];
        for (var i = 0; i < models.Length; i++)
        {
            for (var j = 0; j < models.Length; j++)
                fraction[i, j] = decisive[i, j] == 0 ? double.NaN : wins[i, j] / decisive[i, j];
        }

        return new PairTable(models, count, fraction);
    }
}
