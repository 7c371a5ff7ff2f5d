using System.Numerics;
using Tiebreak.Tokenization.Jinja.Evaluation;

namespace Tiebreak.Tokenization.Jinja.Values;

/// <summary>The numbers from a start towards a stop, which is left out.</summary>
internal sealed class RangeValue : Value
{
    private readonly BigInteger _start;
    private readonly BigInteger _stop;
    private readonly BigInteger _step;
    private readonly int _count;

    private RangeValue(BigInteger start, BigInteger stop, BigInteger step, int count) =>
        (_start, _stop, _step, _count) = (start, stop, step, count);

    public override string TypeName => "range";

    public override bool IsTrue => _count > 0;

    public override int? Length => _count;

    public override bool IsSequence => true;

    /// <exception cref="JinjaException">It has more than <see cref="JinjaLimits.RangeItems"/> numbers, or the step is zero.</exception>
    public static RangeValue Of(BigInteger start, BigInteger stop, BigInteger step)
    {
        if (step.IsZero)
            throw new JinjaException("The step of a range is zero.");
        var distance = step > 0 ? stop - start : start - stop;
        var count = distance <= 0 ? 0 : ((distance - 1) / BigInteger.Abs(step)) + 1;
        return count <= JinjaLimits.RangeItems
            ? new RangeValue(start, stop, step, (int)count)
            : throw new JinjaException($"A range has more than {JinjaLimits.RangeItems:N0} numbers.");
    }

    /// <summary>Every so many of its numbers, from one position to another.</summary>
    public RangeValue Slice(int first, int last, BigInteger by, int count) =>
        new(_start + (first * _step), _start + (last * _step), _step * by, count);

    public override IEnumerable<Value> Items(Meter meter)
    {
        for (var i = 0; i < _count; i++)
        {
            meter.CreateItems(1);
            yield return At(i);
        }
    }

    public override Value? Item(Value key, Meter meter) => Indexing.Position(key, _count) is { } index ? At(index) : null;

    public override void WriteRepr(TextSink sink, Meter meter) =>
        sink.Write(_step.IsOne ? $"range({_start}, {_stop})" : $"range({_start}, {_stop}, {_step})");

    private IntegerValue At(int index) => IntegerValue.Of(_start + (index * _step));
}
