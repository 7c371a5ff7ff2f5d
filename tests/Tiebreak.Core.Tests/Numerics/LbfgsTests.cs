using CsCheck;
using Tiebreak.Core.Numerics;

namespace Tiebreak.Core.Tests.Numerics;

public sealed class LbfgsTests
{
    [Fact]
    public void The_minimum_of_a_bowl_is_found_whatever_its_shape() =>
        Gen.Select(Gen.Double[0.1, 1000].Array[2, 30], Gen.Double[-5, 5].Array[30]).Sample((curvatures, centre) =>
        {
            var result = Lbfgs.Minimise(
                new double[curvatures.Length],
                (at, gradient) =>
                {
                    var loss = 1.0; // what is left at the minimum: the tolerance is a share of it
                    for (var k = 0; k < at.Length; k++)
                    {
                        var off = at[k] - centre[k];
                        gradient[k] = curvatures[k] * off;
                        loss += curvatures[k] * off * off / 2;
                    }

                    return loss;
                },
                tolerance: 1e-12, mostSteps: 500);
            Assert.True(result.HasConverged);
            Assert.Equal(1, result.Loss, 1e-9);
        });

    [Fact]
    public void It_ends_where_Newtons_method_does()
    {
        double[][] rows = [.. Enumerable.Range(0, 60).Select(i => new[] { Math.Sin(i), Math.Cos(3 * i), 1 })];
        bool[] labels = [.. Enumerable.Range(0, 60).Select(i => Math.Sin(i) + Math.Sin(7 * i) > 0.3)];
        var newton = Newton.Minimise(new double[3], (at, gradient, hessian) => Loss(at, gradient, hessian));
        var lbfgs = Lbfgs.Minimise(
            new double[3],
            (at, gradient) =>
            {
                Array.Clear(gradient);
                return Loss(at, gradient, hessian: null);
            },
            tolerance: 1e-14, mostSteps: 200);
        Assert.True(lbfgs.HasConverged);
        Assert.Equal(newton.Loss, lbfgs.Loss, 1e-10);
        for (var k = 0; k < 3; k++)
            Assert.Equal(newton.Parameters[k], lbfgs.Parameters[k], 1e-5);

        double Loss(double[] at, double[] gradient, SquareMatrix? hessian)
        {
            var loss = 0.0;
            for (var i = 0; i < rows.Length; i++)
            {
                var p = 1 / (1 + Math.Exp(-SquareMatrix.Dot(at, rows[i])));
                loss -= Math.Log(labels[i] ? p : 1 - p);
                SquareMatrix.AddScaled(gradient, rows[i], p - (labels[i] ? 1 : 0));
                for (var k = 0; k < 3; k++)
                {
                    if (hessian is not null)
                        SquareMatrix.AddScaled(hessian.Row(k), rows[i], p * (1 - p) * rows[i][k]);
                }
            }

            return loss;
        }
    }

    [Fact]
    public void Too_few_steps_are_told()
    {
        var result = Lbfgs.Minimise(
            [100], (at, gradient) =>
            {
                gradient[0] = 2 * at[0];
                return (at[0] * at[0]) + 1;
            },
            tolerance: 1e-12, mostSteps: 1);
        Assert.False(result.HasConverged);
    }
}
