using Tiebreak.Core.Numerics;

namespace Tiebreak.Core.Tests.Numerics;

public sealed class NewtonTests
{
    [Theory]
    [InlineData(1e-6)]
    [InlineData(1)]
    [InlineData(1e6)]
    public void The_unit_of_a_parameter_does_not_matter(double unit)
    {
        // ln(1 + e^x) - 0.9 x has its minimum where e^x = 9; x is told in another unit.
        var result = Newton.Minimise([0], (at, gradient, hessian) =>
        {
            var p = 1 / (1 + Math.Exp(-at[0] / unit));
            gradient[0] += (p - 0.9) / unit;
            hessian[0, 0] += p * (1 - p) / (unit * unit);
            return -Math.Log(1 - p) - (0.9 * at[0] / unit);
        });
        Assert.True(result.HasConverged);
        Assert.Equal(Math.Log(9), result.Parameters[0] / unit, 1e-12);
    }

    [Fact]
    public void A_valley_that_is_not_convex_is_followed_to_its_end()
    {
        // Rosenbrock 1960.
        var result = Newton.Minimise([-1.2, 1], (at, gradient, hessian) =>
        {
            var (x, off) = (at[0], at[1] - (at[0] * at[0]));
            gradient[0] += (-400 * x * off) - (2 * (1 - x));
            gradient[1] += 200 * off;
            hessian[0, 0] += (800 * x * x) - (400 * off) + 2;
            hessian[1, 0] -= 400 * x;
            hessian[0, 1] -= 400 * x;
            hessian[1, 1] += 200;
            return (100 * off * off) + ((1 - x) * (1 - x));
        });
        Assert.True(result.HasConverged);
        Assert.All(result.Parameters, value => Assert.Equal(1, value, 1e-9));
    }

    [Fact]
    public void Points_that_are_not_allowed_are_not_visited()
    {
        // x - ln x: the first whole step from 3 would lead below 0.
        var result = Newton.Minimise(
            [3],
            (at, gradient, hessian) =>
            {
                Assert.True(at[0] > 0);
                gradient[0] += 1 - (1 / at[0]);
                hessian[0, 0] += 1 / (at[0] * at[0]);
                return at[0] - Math.Log(at[0]);
            },
            at => at[0] > 0);
        Assert.Equal(1, result.Parameters[0], 1e-12);
    }

    [Fact]
    public void A_loss_without_a_minimum_does_not_converge() => Assert.False(Newton.Minimise([0], (at, gradient, hessian) =>
    {
        gradient[0] -= Math.Exp(-at[0]);
        hessian[0, 0] += Math.Exp(-at[0]);
        return Math.Exp(-at[0]);
    }).HasConverged);
}
