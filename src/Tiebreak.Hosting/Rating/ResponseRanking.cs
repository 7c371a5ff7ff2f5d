using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Judging;
using Tiebreak.Hosting.Problems;
using Tiebreak.Hosting.Reading;
using Tiebreak.Hosting.Serving;
using Tiebreak.Ratings.Fitting;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Hosting.Rating;

/// <summary>
/// Ranks responses to one prompt: the judge compares every two of them in both orders, and Bradley-Terry strengths are fitted to what it
/// says. A judge that gives each response a score reads each once, and the scores are compared.
/// </summary>
internal static class ResponseRanking
{
    /// <summary>The most responses that are ranked at once: work grows with the square of their number.</summary>
    public const int MostResponses = 16;

    // A judge may round a probability to 0; strengths are finite all the same.
    private const double LeastProbability = 1e-6;

    /// <summary>Ranks responses.</summary>
    /// <param name="judge">The judge.</param>
    /// <param name="prompt">What the person asked.</param>
    /// <param name="responses">One response or more.</param>
    /// <param name="time">The time of the request.</param>
    /// <returns>The responses, the best first.</returns>
    /// <exception cref="ApiException">There are too many of them, or the judge cannot compare two of them.</exception>
    public static async Task<IReadOnlyList<RatedResponse>> RankAsync(
        OpenedJudge judge, string prompt, IReadOnlyList<string> responses, RequestTime time)
    {
        if (responses.Count > MostResponses)
        {
            throw ApiException.TooLarge(
                $"There are {responses.Count} texts; at most {MostResponses} are compared at once, each with each. Send fewer.");
        }

        if (judge.Bundle.OneOrder.Traits.Numbers is { Count: > 0 } numbers)
        {
            throw ApiException.Input(
                $"The judge needs numbers beside the texts ({string.Join(", ", numbers)}), so that it ranks no bare texts.");
        }

        if (responses.Count == 1)
            return [new RatedResponse(Index: 0, Strength: 0, BestProbability: 1, WinShare: double.NaN)];

        var pairs = new List<(int A, int B)>();
        for (var a = 0; a < responses.Count; a++)
        {
            for (var b = a + 1; b < responses.Count; b++)
                pairs.Add((a, b));
        }

        Battle[] battles = [.. pairs.Select(pair => Between(prompt, responses, pair))];
        var preferences = judge.Bundle.OneOrder.Traits.CompareScores is { } compare
            ? await CompareScoresAsync(judge, prompt, responses, pairs, compare, time).ConfigureAwait(false)
            : await CompareAsync(judge, battles, time).ConfigureAwait(false);
        for (var i = 0; i < preferences.Length; i++)
            preferences[i] = Calibrator.Apply(judge.Bundle.Manifest.CalibrationSteps, preferences[i], battles[i]);
        return Rank(responses.Count, pairs, preferences);
    }

    private static Battle Between(string prompt, IReadOnlyList<string> responses, (int A, int B) pair) => new()
    {
        Id = $"{pair.A} against {pair.B}",
        Turns = [new Turn(prompt, responses[pair.A], responses[pair.B])],
    };

    private static async Task<Preference[]> CompareAsync(OpenedJudge judge, Battle[] battles, RequestTime time) =>
        Array.ConvertAll(await JudgeAsync(judge, battles, Orders.Both, time).ConfigureAwait(false), outcome => outcome.Preference);

    private static async Task<Preference[]> CompareScoresAsync(
        OpenedJudge judge, string prompt, IReadOnlyList<string> responses, List<(int A, int B)> pairs,
        Func<double, double, Preference> compare, RequestTime time)
    {
        // Two responses a battle; the last of an odd number stands on both sides of its own.
        var last = responses.Count - 1;
        Battle[] battles = [.. responses.Index().Where(response => response.Index % 2 == 0)
            .Select(response => Between(prompt, responses, (response.Index, Math.Min(response.Index + 1, last))))];
        var outcomes = await JudgeAsync(judge, battles, Orders.First, time).ConfigureAwait(false);
        return [.. pairs.Select(pair => compare(ScoreOf(pair.A), ScoreOf(pair.B)))];

        double ScoreOf(int response)
        {
            var (a, b) = outcomes[response / 2].Scores!.Value;
            return response % 2 == 0 ? a : b;
        }
    }

    private static async Task<JudgeOutcome[]> JudgeAsync(OpenedJudge judge, Battle[] battles, Orders orders, RequestTime time)
    {
        var request = new JudgeRequest { Battles = battles, Orders = orders };
        var outcomes = await judge.Batching.JudgeAsync(request, time.Patience, time.Over).ConfigureAwait(false);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Failure is { } failure)
            {
                throw new ApiException(
                    failure.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status422UnprocessableEntity,
                    ErrorCodes.Failed, $"The judge cannot compare text {battles[i].Id}: {failure.Message}");
            }
        }

        return outcomes;
    }

    private static IReadOnlyList<RatedResponse> Rank(int count, List<(int A, int B)> pairs, Preference[] preferences)
    {
        var votes = new VoteSet(
            [.. Enumerable.Range(0, count).Select(index => Invariant($"{index}"))],
            [.. pairs.Select(pair => pair.A)],
            [.. pairs.Select(pair => pair.B)],
            Array.ConvertAll(preferences, preference => preference.Top.ToVerdict()),
            softLabels: Array.ConvertAll(preferences, preference => Preference.Normalised(
                preference.A + LeastProbability, preference.B + LeastProbability, preference.Tie)));
        var strengths = RatingFit.Of(VoteCounts.Of(votes)).Strengths;
        var won = new double[count];
        foreach (var ((a, b), preference) in pairs.Zip(preferences))
        {
            won[a] += preference.A + (preference.Tie / 2);
            won[b] += preference.B + (preference.Tie / 2);
        }

        var strongest = strengths.Max();
        var sum = strengths.Sum(strength => Math.Exp(strength - strongest));
        return
        [
            .. strengths.Index().OrderByDescending(response => response.Item).Select(response => new RatedResponse(
                response.Index, response.Item, Math.Exp(response.Item - strongest) / sum, won[response.Index] / (count - 1))),
        ];
    }
}
