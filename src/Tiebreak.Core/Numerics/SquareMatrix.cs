using System.Numerics;

namespace Tiebreak.Core.Numerics;

/// <summary>A dense square matrix of doubles, row after row.</summary>
internal sealed class SquareMatrix(int size)
{
    public int Size { get; } = size;

    public double[] Values { get; } = new double[size * size];

    public ref double this[int row, int column] => ref Values[(row * Size) + column];

    public Span<double> Row(int row) => Values.AsSpan(row * Size, Size);

    public void Clear() => Array.Clear(Values);

    public SquareMatrix Clone()
    {
        var copy = new SquareMatrix(Size);
        Values.CopyTo(copy.Values, 0);
        return copy;
    }

    /// <summary>This matrix times a number.</summary>
    public SquareMatrix Scaled(double factor)
    {
        var scaled = new SquareMatrix(Size);
        AddScaled(scaled.Values, Values, factor);
        return scaled;
    }

    public double Trace()
    {
        var sum = 0.0;
        for (var i = 0; i < Size; i++)
            sum += this[i, i];
        return sum;
    }

    /// <summary>Adds a number to all elements of the leading rows and columns.</summary>
    public void AddToBlock(int count, double value)
    {
        for (var i = 0; i < count; i++)
        {
            foreach (ref var element in Row(i)[..count])
                element += value;
        }
    }

    /// <summary>
    /// The matrix with every row replaced by (row - mean row) or (row - one row), and the same for columns: the covariance of differences
    /// to a reference.
    /// </summary>
    /// <param name="count">How many of the leading rows and columns take part.</param>
    /// <param name="reference">The row to subtract, or null: the mean of the leading rows.</param>
    public SquareMatrix RelativeTo(int count, int? reference)
    {
        var relative = Clone();
        relative.SubtractRows(count, reference);
        relative.TransposeInPlace();
        relative.SubtractRows(count, reference);
        return relative;
    }

    /// <summary>
    /// This matrix times another; rows are computed on many threads, each by itself, so that the result does not depend on their number.
    /// </summary>
    public SquareMatrix Times(SquareMatrix other, int threads)
    {
        var product = new SquareMatrix(Size);
        Parallel.For(0, Size, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            var target = product.Row(i);
            for (var k = 0; k < Size; k++)
            {
                if (this[i, k] is var factor and not 0)
                    AddScaled(target, other.Row(k), factor);
            }
        });
        return product;
    }

    /// <summary>Adds a multiple of one vector to another.</summary>
    public static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        var i = 0;
        for (var scale = new Vector<double>(factor); i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(target[i..]) + (scale * new Vector<double>(source[i..]))).CopyTo(target[i..]);
        for (; i < target.Length; i++)
            target[i] += factor * source[i];
    }

    /// <summary>The inner product of two vectors of one length.</summary>
    public static double Dot(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var (first, second) = (Vector<double>.Zero, Vector<double>.Zero);
        var i = 0;
        for (; i <= one.Length - (2 * Vector<double>.Count); i += 2 * Vector<double>.Count)
        {
            first += new Vector<double>(one[i..]) * new Vector<double>(other[i..]);
            second += new Vector<double>(one[(i + Vector<double>.Count)..]) * new Vector<double>(other[(i + Vector<double>.Count)..]);
        }

        var sum = Vector.Sum(first + second);
        for (; i < one.Length; i++)
            sum += one[i] * other[i];
        return sum;
    }

    private void SubtractRows(int count, int? reference)
    {
        var subtracted = new double[Size];
        if (reference is { } row)
        {
            Row(row).CopyTo(subtracted);
        }
        else
        {
            for (var i = 0; i < count; i++)
                AddScaled(subtracted, Row(i), 1.0 / count);
        }

        for (var i = 0; i < count; i++)
            AddScaled(Row(i), subtracted, -1);
    }

    private void TransposeInPlace()
    {
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j < i; j++)
                (this[i, j], this[j, i]) = (this[j, i], this[i, j]);
        }
    }
}
