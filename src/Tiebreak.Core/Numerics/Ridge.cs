namespace Tiebreak.Core.Numerics;

/// <summary>The penalty that draws parameters towards others: half of a precision times the squared distance.</summary>
internal static class Ridge
{
    /// <summary>The penalty; its derivatives are added.</summary>
    /// <param name="at">The parameters.</param>
    /// <param name="centre">Where they are drawn to.</param>
    /// <param name="precision">How firmly.</param>
    /// <param name="gradient">Receives the first derivatives.</param>
    /// <param name="hessian">Receives the second ones.</param>
    public static double Add(double[] at, double[] centre, double precision, double[] gradient, SquareMatrix hessian)
    {
        var loss = 0.0;
        for (var k = 0; k < at.Length; k++)
        {
            var change = at[k] - centre[k];
            loss += precision / 2 * change * change;
            gradient[k] += precision * change;
            hessian[k, k] += precision;
        }

        return loss;
    }
}
