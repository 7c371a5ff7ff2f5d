using System.Runtime.Intrinsics;

namespace Tiebreak.Core.Numerics;

/// <summary>The factor L of a symmetric positive definite matrix L Lᵀ: solves, inverts, and colours noise.</summary>
internal sealed class Cholesky
{
    private readonly SquareMatrix _lower;
    private readonly SquareMatrix _upper;

    private Cholesky(SquareMatrix lower)
    {
        _lower = lower;
        _upper = new SquareMatrix(lower.Size);
        for (var i = 0; i < lower.Size; i++)
        {
            for (var j = 0; j <= i; j++)
                _upper[j, i] = lower[i, j];
        }
    }

    /// <summary>Factors a matrix, of which the lower triangle is read; null if it is not positive definite.</summary>
    public static Cholesky? TryFactor(SquareMatrix matrix)
    {
        var n = matrix.Size;
        var lower = new SquareMatrix(n);
        for (var i = 0; i < n; i++)
        {
            var row = lower.Row(i);
            for (var j = 0; j < i; j++)
                row[j] = (matrix[i, j] - SquareMatrix.Dot(row[..j], lower.Row(j)[..j])) / lower[j, j];
            var pivot = matrix[i, i] - SquareMatrix.Dot(row[..i], row[..i]);
            if (!(pivot > 1e-14 * Math.Abs(matrix[i, i])) || !double.IsFinite(pivot))
                return null;
            row[i] = Math.Sqrt(pivot);
        }

        return new Cholesky(lower);
    }

    /// <summary>Solves in place: the right side becomes the solution.</summary>
    public void Solve(Span<double> values)
    {
        var n = _lower.Size;
        for (var i = 0; i < n; i++)
            values[i] = (values[i] - SquareMatrix.Dot(_lower.Row(i)[..i], values[..i])) / _lower[i, i];
        for (var i = n - 1; i >= 0; i--)
            values[i] = (values[i] - SquareMatrix.Dot(_upper.Row(i)[(i + 1)..], values[(i + 1)..])) / _lower[i, i];
    }

    /// <summary>Solves eight right sides in place, one in each lane.</summary>
    public void Solve(Span<Vector512<double>> values)
    {
        var n = _lower.Size;
        for (var i = 0; i < n; i++)
            values[i] = (values[i] - Dot(_lower.Row(i)[..i], values[..i])) / _lower[i, i];
        for (var i = n - 1; i >= 0; i--)
            values[i] = (values[i] - Dot(_upper.Row(i)[(i + 1)..], values[(i + 1)..])) / _lower[i, i];
    }

    public SquareMatrix Inverse(int threads)
    {
        var inverse = new SquareMatrix(_lower.Size);
        Parallel.For(0, inverse.Size, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            inverse[i, i] = 1;
            Solve(inverse.Row(i));
        });
        return inverse;
    }

    /// <summary>L times a vector: independent standard normal numbers become numbers with this covariance.</summary>
    public double[] Colour(ReadOnlySpan<double> noise)
    {
        var coloured = new double[noise.Length];
        for (var i = 0; i < coloured.Length; i++)
            coloured[i] = SquareMatrix.Dot(_lower.Row(i)[..(i + 1)], noise[..(i + 1)]);
        return coloured;
    }

    private static Vector512<double> Dot(ReadOnlySpan<double> row, ReadOnlySpan<Vector512<double>> values)
    {
        // Four sums, so that additions need not wait for one another.
        var (one, two, three, four) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        var i = 0;
        for (; i <= row.Length - 4; i += 4)
        {
            one += row[i] * values[i];
            two += row[i + 1] * values[i + 1];
            three += row[i + 2] * values[i + 2];
            four += row[i + 3] * values[i + 3];
        }

        for (; i < row.Length; i++)
            one += row[i] * values[i];
        return one + two + (three + four);
    }
}
