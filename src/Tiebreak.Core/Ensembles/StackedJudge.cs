using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;

namespace Tiebreak.Core.Ensembles;

/// <summary>
/// A judge that learned from the preferences of others (stacked generalisation, Wolpert 1992): the members are asked, and what they say
/// are numbers of the battle for the judge on top, which may read the texts too. How likely neither response is acceptable is what the
/// judge on top says, or else the mean of the members that estimate it.
/// </summary>
/// <param name="members">The members; disposed with this judge.</param>
/// <param name="top">The judge on top; disposed with this judge.</param>
internal sealed class StackedJudge(IReadOnlyList<MemberJudge> members, MemberJudge top) : IJudge
{
    /// <inheritdoc/>
    public JudgeTraits Traits { get; } = EnsembleTraits.Of(members, [.. members.Select(_ => 0.0)]) with
    {
        IsSymmetric = top.Traits.IsSymmetric && members.All(member => member.Traits.IsSymmetric),
        EstimatesAcceptability = members.Append(top).Any(judge => judge.Traits.EstimatesAcceptability),
        Abstains = top.Traits.Abstains,
        Numbers = [.. members.SelectMany(member => member.Traits.Numbers).Concat(OwnNumbers(top, members.Count))
            .Distinct(StringComparer.Ordinal)],
    };

    /// <summary>The names of the two numbers that hold what a member says: the probabilities of A and of B.</summary>
    public static (string A, string B) NumbersOf(int member) =>
        (FormattableString.Invariant($"member{member}_a"), FormattableString.Invariant($"member{member}_b"));

    /// <summary>The names of all numbers that hold what members say.</summary>
    public static IReadOnlyList<string> NumbersOfAll(int members) =>
        [.. Enumerable.Range(0, members).SelectMany(member => new[] { NumbersOf(member).A, NumbersOf(member).B })];

    /// <summary>The numbers that the judge on top needs besides what the members say.</summary>
    private static IEnumerable<string> OwnNumbers(MemberJudge top, int members) =>
        top.Traits.Numbers.Except(NumbersOfAll(members), StringComparer.Ordinal);

    /// <summary>A battle with what the members say about it among its numbers.</summary>
    public static Battle With(Battle battle, IReadOnlyList<Preference> said)
    {
        Dictionary<string, double> numbers =
            battle.Numbers is { } known ? new(known, StringComparer.Ordinal) : new(StringComparer.Ordinal);
        for (var member = 0; member < said.Count; member++)
        {
            var (a, b) = NumbersOf(member);
            (numbers[a], numbers[b]) = (said[member].A, said[member].B);
        }

        return battle with { Numbers = numbers };
    }

    /// <inheritdoc/>
    public async Task<JudgeOutcome[]> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken = default)
    {
        var said = await BlendedJudge.AskAsync(members, request, cancellationToken).ConfigureAwait(false);
        var failures = new JudgeFailure?[request.Battles.Count];
        for (var i = 0; i < failures.Length; i++)
            failures[i] = said.Select(ofMember => ofMember[i].Failure).FirstOrDefault(failure => failure is not null);
        JudgeOutcome[]? first = null, second = null;
        if (request.Orders.HasFlag(Orders.First))
            first = await AskTopAsync(Orders.First, outcome => outcome.First!.Value).ConfigureAwait(false);
        if (request.Orders.HasFlag(Orders.Second))
            second = await AskTopAsync(Orders.Second, outcome => outcome.Second!.Value).ConfigureAwait(false);
        return (first, second) switch
        {
            ({ } one, { } other) => [.. one.Zip(other, JudgeOutcome.Join)],
            _ => first ?? second ?? throw new ArgumentException("No order is asked.", nameof(request)),
        };

        async Task<JudgeOutcome[]> AskTopAsync(Orders order, Func<JudgeOutcome, Preference> of)
        {
            int[] rows = [.. Enumerable.Range(0, failures.Length).Where(i => failures[i] is null)];
            var battles = rows.Select(i => With(request.Battles[i], [.. said.Select(ofMember => of(ofMember[i]))]));
            var answers = await top.JudgeAsync(new JudgeRequest { Battles = [.. battles], Orders = order }, cancellationToken)
                .ConfigureAwait(false);
            var outcomes = Array.ConvertAll(failures, failure => failure is null ? default : JudgeOutcome.Of(failure));
            for (var k = 0; k < rows.Length; k++)
            {
                outcomes[rows[k]] = answers[k] with
                {
                    NeitherAcceptable =
                        answers[k].NeitherAcceptable ?? said.Average(ofMember => ofMember[rows[k]].NeitherAcceptable),
                };
            }

            return outcomes;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var member in members)
            await member.DisposeAsync().ConfigureAwait(false);
        await top.DisposeAsync().ConfigureAwait(false);
    }
}
