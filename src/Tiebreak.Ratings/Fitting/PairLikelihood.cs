using System.Runtime.Intrinsics;
using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Models;
using Tiebreak.Ratings.Votes;

namespace Tiebreak.Ratings.Fitting;

/// <summary>The likelihood of one model, compiled for it.</summary>
internal sealed class PairLikelihood<TModel>(VoteCounts counts) : Likelihood(counts)
    where TModel : struct, IOutcomeModel
{
    public override bool HasTie => TModel.TieParameters > 0;

    public override bool IsShiftInvariant => TModel.IsShiftInvariant;

    public override double TieStart => TModel.TieStart;

    public override bool IsFeasible(double tie) => TModel.IsFeasible(tie);

    public override OutcomeProbabilities Probabilities(double a, double b, double tie) => TModel.Probabilities(a, b, tie);

    public override double Information(double a, double b, double tie)
    {
        var expected = TModel.Probabilities(a, b, tie);
        var sum = default(PairDerivatives);
        TModel.Add(a, b, tie, [expected.A, expected.B, expected.Tie, expected.BothBad], ref sum);
        return -sum.AB;
    }

    public override double Evaluate(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> weights, Span<double> gradient, SquareMatrix? hessian)
    {
        var (first, second) = (Counts.First, Counts.Second);
        var tie = Tie(parameters);
        var (loss, gradientOfTie, curveOfTie) = (0.0, 0.0, 0.0);
        gradient.Clear();
        hessian?.Clear();
        for (var pair = 0; pair < first.Length; pair++)
        {
            var (i, j) = (first[pair], second[pair]);
            var sum = default(PairDerivatives);
            TModel.Add(parameters[i], parameters[j], tie, weights.Slice(VoteCounts.Outcomes * pair, VoteCounts.Outcomes), ref sum);
            loss += sum.Loss;
            gradient[i] += sum.A;
            gradient[j] += sum.B;
            gradientOfTie += sum.T;
            curveOfTie += sum.TT;
            if (hessian is not null)
                AddCurve(hessian, i, j, sum);
        }

        if (HasTie)
        {
            gradient[Models] = gradientOfTie;
            hessian?[Models, Models] = curveOfTie;
        }

        return loss;
    }

    public override int Statistics => TModel.Statistics;

    public override void Fold(ReadOnlySpan<int> slots, double[][] weights, Span<Vector512<double>> statistics)
    {
        statistics.Clear();
        for (var place = 0; place < slots.Length; place++)
        {
            var (pair, outcome) = (slots[place] / VoteCounts.Outcomes, slots[place] % VoteCounts.Outcomes);
            var rounds = Vector512.Create(
                weights[0][place], weights[1][place], weights[2][place], weights[3][place], weights[4][place], weights[5][place],
                weights[6][place], weights[7][place]);
            for (var k = 0; k < TModel.Statistics; k++)
                statistics[(pair * TModel.Statistics) + k] += TModel.Share(k, outcome) * rounds;
        }
    }

    public override void Gradient(
        ReadOnlySpan<Vector512<double>> parameters, ReadOnlySpan<Vector512<double>> statistics, Span<Vector512<double>> gradient)
    {
        var (first, second) = (Counts.First, Counts.Second);
        var (tie, ofTie, ofFirst) = (HasTie ? parameters[Models] : default, Vector512<double>.Zero, Vector512<double>.Zero);
        gradient.Clear();
        for (var pair = 0; pair < first.Length; pair++)
        {
            var (i, j) = (first[pair], second[pair]);
            var sum = TModel.Gradient(parameters[i], parameters[j], tie, statistics.Slice(pair * TModel.Statistics, TModel.Statistics));
            gradient[j] += sum.B;
            ofTie += sum.T;
            ofFirst += sum.A;

            // Pairs come ordered by their first model: its sum need not go through memory each time.
            if (pair + 1 < first.Length && first[pair + 1] == i)
                continue;
            gradient[i] += ofFirst;
            ofFirst = Vector512<double>.Zero;
        }

        if (HasTie)
            gradient[Models] = ofTie;
    }

    public override PairDerivatives Score(ReadOnlySpan<double> parameters, int slot)
    {
        Span<double> one = stackalloc double[VoteCounts.Outcomes];
        one[slot % VoteCounts.Outcomes] = 1;
        var pair = slot / VoteCounts.Outcomes;
        var sum = default(PairDerivatives);
        TModel.Add(parameters[Counts.First[pair]], parameters[Counts.Second[pair]], Tie(parameters), one, ref sum);
        return sum;
    }

    private void AddCurve(SquareMatrix hessian, int i, int j, PairDerivatives sum)
    {
        hessian[i, i] += sum.AA;
        hessian[j, j] += sum.BB;
        hessian[i, j] += sum.AB;
        hessian[j, i] += sum.AB;
        if (!HasTie)
            return;

        hessian[i, Models] += sum.AT;
        hessian[Models, i] += sum.AT;
        hessian[j, Models] += sum.BT;
        hessian[Models, j] += sum.BT;
    }
}
