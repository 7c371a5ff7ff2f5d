using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Tests;

/// <summary>Small sets of votes with known answers, and planted ones.</summary>
internal static class Games
{
    /// <summary>The 22 games of the encyclopedia's article on Bradley-Terry: models A, B, C, D.</summary>
    public static VoteSet Wikipedia { get; } = Of("A>B:2 B>A:3 B>C:5 C>B:3 A>D:1 D>A:4 C>D:1 D>C:3");

    /// <summary>Three models with ties.</summary>
    public static VoteSet WithTies { get; } = Of("X>Y:20 Y>X:10 X=Y:10 Y>Z:15 Z>Y:9 Y=Z:6 X>Z:25 Z>X:5 X=Z:10");

    /// <summary>Reads games: "A>B:2" two wins of A over B, "A=B:3" three ties, "A!B:1" one both-bad.</summary>
    public static VoteSet Of(string games) => VoteSet.Of(games.Split(' ').SelectMany(game =>
    {
        var (models, count) = (game.Split(':')[0], int.Parse(game.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        var sign = models.First(c => c is '>' or '=' or '!');
        var names = models.Split(sign);
        var verdict = sign switch { '>' => Verdict.A, '=' => Verdict.Tie, _ => Verdict.BothBad };
        return Enumerable.Repeat(new Vote(names[0], names[1], verdict), count);
    }));

    /// <summary>Votes drawn from a model with known strengths; every pair may meet, the sides are random.</summary>
    public static VoteSet Planted(double[] strengths, int votes, ulong seed, RatingModel model = RatingModel.BradleyTerry, double tie = 0)
    {
        var random = new SeededRandom(seed);
        var n = strengths.Length;
        var (modelA, modelB, verdicts) = (new int[votes], new int[votes], new Verdict[votes]);
        for (var i = 0; i < votes; i++)
        {
            (modelA[i], modelB[i]) = (random.Next(n), random.Next(n - 1));
            modelB[i] += modelB[i] >= modelA[i] ? 1 : 0;
            verdicts[i] = Draw(Probabilities(model, strengths[modelA[i]], strengths[modelB[i]], tie), random.NextDouble());
        }

        return new VoteSet([.. Enumerable.Range(0, n).Select(i => $"model-{i}")], modelA, modelB, verdicts);
    }

    /// <summary>The same votes with sides exchanged.</summary>
    public static VoteSet Swapped(VoteSet votes) =>
        new(votes.Models, votes.ModelB, votes.ModelA, Array.ConvertAll(votes.Verdicts, verdict => verdict.Swapped()), votes.Weights);

    /// <summary>Every vote several times.</summary>
    public static VoteSet Repeated(VoteSet votes, int times) =>
        votes.At([.. Enumerable.Repeat(Enumerable.Range(0, votes.Count), times).SelectMany(row => row)]);

    /// <summary>What a model expects of a vote.</summary>
    public static OutcomeProbabilities Probabilities(RatingModel model, double a, double b, double tie) => model switch
    {
        RatingModel.BradleyTerry => BradleyTerry.Probabilities(a, b, tie),
        RatingModel.RaoKupper => RaoKupper.Probabilities(a, b, tie),
        RatingModel.Davidson => Davidson.Probabilities(a, b, tie),
        _ => GroundedRaoKupper.Probabilities(a, b, tie),
    };

    /// <summary>The verdict that a random number from 0 to 1 stands for.</summary>
    public static Verdict Draw(OutcomeProbabilities p, double random) =>
        random < p.A ? Verdict.A : random < p.A + p.B ? Verdict.B : random < p.A + p.B + p.BothBad ? Verdict.BothBad : Verdict.Tie;
}
