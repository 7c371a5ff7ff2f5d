using System.Text.Json.Serialization;
using Tiebreak.Core.Agreement;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Metrics;

namespace Tiebreak.Data.Agreement;

/// <summary>
/// How far the people agree who voted on the same battles. Battles with a single vote show no agreement: they are left out and counted.
/// "Both bad" counts as a tie, as everywhere where three outcomes are told apart.
/// </summary>
internal sealed record AnnotatorAgreement
{
    private const int FewestShared = 20;
    private const int MostPairs = 10;
    private const int PairableVotes = 50; // a battle with thousands of annotators has millions of pairs

    /// <summary>Battles with two votes or more, each text once.</summary>
    public required int Battles { get; init; }

    /// <summary>Votes on them.</summary>
    public required int Votes { get; init; }

    /// <summary>Battles with one vote, which are left out.</summary>
    public required int SingleVotes { get; init; }

    /// <summary>Further votes of an annotator on the same battle, which are left out.</summary>
    public required int RepeatedVotes { get; init; }

    /// <summary>Texts among the votes that are no known word for a verdict.</summary>
    public required int UnreadVotes { get; init; }

    /// <summary>Annotators that the data names, on any battle.</summary>
    public required int NamedAnnotators { get; init; }

    /// <summary>Whether votes say how strong a preference is; else ordinal coefficients take A, tie, B for the scale.</summary>
    public required bool IsGraded { get; init; }

    /// <summary>The coefficients; none without a battle that has two votes.</summary>
    public required IReadOnlyList<AgreementResult> Coefficients { get; init; }

    /// <summary>Cohen's kappa of every two annotators who share many battles, those who share most first.</summary>
    public required IReadOnlyList<AnnotatorPair> Pairs { get; init; }

    /// <summary>Each annotator beside the others, most votes first.</summary>
    public required IReadOnlyList<AnnotatorResult> Annotators { get; init; }

    /// <summary>Measures the agreement about battles.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="seed">Seed of the bootstrap over prompts and of the tests of annotators.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static AnnotatorAgreement Of(IReadOnlyList<Battle> battles, ulong seed, int threads) =>
        Of(new AnnotatedItems(battles, PromptGroup.Number(battles)), seed, threads);

    /// <summary>Measures the agreement about items.</summary>
    /// <param name="items">The items.</param>
    /// <param name="seed">Seed of the bootstrap over prompts and of the tests of annotators.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static AnnotatorAgreement Of(AnnotatedItems items, ulong seed, int threads)
    {
        AnnotatedItem[] compared = [.. items.Items.Where(item => item.Votes.Count > 1)];
        var isGraded = compared.SelectMany(item => item.Votes).Any(vote => vote.Vote.Strength is not null);
        return new AnnotatorAgreement
        {
            Battles = compared.Length,
            Votes = compared.Sum(item => item.Votes.Count),
            SingleVotes = items.Items.Count - compared.Length,
            RepeatedVotes = items.Repeated,
            UnreadVotes = items.Unread,
            NamedAnnotators = items.Items.SelectMany(item => item.Votes).Select(vote => vote.Annotator).OfType<string>()
                .Distinct(StringComparer.Ordinal).Count(),
            IsGraded = isGraded,
            Coefficients = compared.Length == 0 ? [] :
            [
                .. AgreementResult.Of(compared, vote => (int)vote.Outcome,
                    [
                        ("raw agreement", AgreementCoefficient.Raw),
                        ("Fleiss' kappa", AgreementCoefficient.FleissKappa),
                        ("Gwet's AC1", AgreementCoefficient.GwetAc1),
                        ("Krippendorff's alpha, nominal", AgreementCoefficient.KrippendorffNominal),
                    ], isOrdinal: false, seed, threads),
                .. AgreementResult.Of(compared, vote => vote.Vote.Grade,
                    [
                        ("Gwet's AC2, ordinal", AgreementCoefficient.GwetAc2),
                        ("Krippendorff's alpha, ordinal", AgreementCoefficient.KrippendorffOrdinal),
                    ], isOrdinal: true, seed, threads),
            ],
            Pairs = PairsOf(compared, seed, threads),
            Annotators = AnnotatorResult.Of(compared, seed, threads),
        };
    }

    private static List<AnnotatorPair> PairsOf(AnnotatedItem[] items, ulong seed, int threads)
    {
        var shared = new Dictionary<(string, string), List<(int Group, Outcome First, Outcome Second)>>();
        foreach (var item in items)
        {
            ItemVote[] named = [.. item.Votes.Where(vote => vote.Annotator is not null)
                .OrderBy(vote => vote.Annotator, StringComparer.Ordinal).Take(PairableVotes)];
            for (var i = 0; i < named.Length; i++)
            {
                for (var j = i + 1; j < named.Length; j++)
                {
                    var pair = (named[i].Annotator!, named[j].Annotator!);
                    if (!shared.TryGetValue(pair, out var list))
                        shared[pair] = list = [];
                    list.Add((item.Group, named[i].Outcome, named[j].Outcome));
                }
            }
        }

        return
        [
            .. shared.Where(pair => pair.Value.Count >= FewestShared).OrderByDescending(pair => pair.Value.Count)
                .ThenBy(pair => pair.Key.Item1, StringComparer.Ordinal).ThenBy(pair => pair.Key.Item2, StringComparer.Ordinal)
                .Take(MostPairs).Select(pair => AnnotatorPair.Of(pair.Key.Item1, pair.Key.Item2, pair.Value, seed, threads)),
        ];
    }
}

/// <summary>Two annotators who voted on the same battles.</summary>
/// <param name="First">One of them.</param>
/// <param name="Second">The other.</param>
/// <param name="Battles">Battles that both voted on.</param>
/// <param name="Agreement">Share of them on which they agree.</param>
/// <param name="Kappa">Cohen's kappa.</param>
/// <param name="KappaInterval">95 % interval of kappa, by bootstrap over prompts.</param>
internal sealed record AnnotatorPair(
    string First, string Second, int Battles, double Agreement, double Kappa,
    [property: JsonPropertyName("kappa_ci")] Interval KappaInterval)
{
    /// <summary>Compares their votes.</summary>
    public static AnnotatorPair Of(
        string first, string second, IReadOnlyList<(int Group, Outcome First, Outcome Second)> votes, ulong seed, int threads)
    {
        double[][] table = [.. Enumerable.Range(0, 9).Select(cell =>
            votes.Select(vote => ((3 * (int)vote.First) + (int)vote.Second) == cell ? 1.0 : 0.0).ToArray())];
        var interval = ClusterBootstrap.OfTotals(
            table, PromptGroup.Renumber(votes.Select(vote => vote.Group)), totals => [AgreementCoefficient.CohenKappa(totals)], seed,
            threads: threads)[0];
        return new AnnotatorPair(
            first, second, votes.Count, votes.Average(vote => vote.First == vote.Second ? 1.0 : 0.0),
            AgreementCoefficient.CohenKappa([.. table.Select(cell => cell.Sum())]), interval);
    }
}
