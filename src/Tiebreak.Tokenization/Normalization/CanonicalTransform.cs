using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Normalization;

/// <summary>
/// Unicode's canonical forms: everything taken apart (NFD), or put together again (NFC). Text that is in the form already, which nearly all
/// text is, is only copied.
/// </summary>
/// <param name="composes">NFC instead of NFD.</param>
internal sealed class CanonicalTransform(bool composes) : ITextTransform
{
    public void Apply(AlignedText source, int from, int to, AlignedText target)
    {
        var text = source.Bytes;
        var (copied, starter) = (from, from);
        var cluster = Reused<List<(int CodePoint, int From, int To)>>.Rent();
        for (var at = from; at < to;)
        {
            if (text[at] < 0x80)
            {
                starter = at++;
                continue;
            }

            if (IsUnchanged(CodePoint.Decode(text, at, out var length)))
            {
                starter = at;
                at += length;
                continue;
            }

            // The change begins at the starter before it and ends before the next one that stands firm.
            target.Copy(source, copied, starter);
            at = Read(text, starter, at, to, cluster);
            Write(cluster, source, starter, at, target);
            copied = starter = at;
        }

        target.Copy(source, copied, to);
        Reused<List<(int CodePoint, int From, int To)>>.Return(cluster);
    }

    private bool IsUnchanged(int codePoint)
    {
        if (composes)
            return CanonicalData.IsStable(codePoint);
        Span<int> parts = stackalloc int[CanonicalData.MaxParts];
        return CanonicalData.Decompose(codePoint, parts) == 1 && parts[0] == codePoint && CanonicalData.ClassOf(codePoint) == 0;
    }

    private int Read(ReadOnlySpan<byte> text, int from, int at, int to, List<(int CodePoint, int From, int To)> cluster)
    {
        cluster.Clear();
        Span<int> parts = stackalloc int[CanonicalData.MaxParts];
        for (var next = from; next < to;)
        {
            var codePoint = CodePoint.Decode(text, next, out var length);
            if (next > at && IsUnchanged(codePoint))
                return Order(cluster, next);
            foreach (var part in parts[..CanonicalData.Decompose(codePoint, parts)])
                cluster.Add((part, next, next + length));
            next += length;
        }

        return Order(cluster, to);
    }

    /// <summary>Sorts marks behind their starter by combining class, keeping the order of equals. Places stay where they are.</summary>
    private static int Order(List<(int CodePoint, int From, int To)> cluster, int end)
    {
        for (var i = 1; i < cluster.Count; i++)
        {
            var mark = cluster[i].CodePoint;
            var kind = CanonicalData.ClassOf(mark);
            var place = i;
            while (kind != 0 && place > 0 && CanonicalData.ClassOf(cluster[place - 1].CodePoint) > kind)
            {
                cluster[place] = cluster[place] with { CodePoint = cluster[place - 1].CodePoint };
                place--;
            }

            cluster[place] = cluster[place] with { CodePoint = mark };
        }

        return end;
    }

    private void Write(List<(int CodePoint, int From, int To)> cluster, AlignedText source, int start, int end, AlignedText target)
    {
        if (composes)
            Compose(cluster);

        // As many characters as before: each stands for one of them.
        var isOneToOne = cluster.Count == CountCharacters(source.Bytes[start..end]);
        foreach (var (codePoint, from, to) in cluster)
        {
            var length = start < end ? CodePoint.LengthOf(source.Bytes[start]) : 0;
            target.Append(codePoint, source, isOneToOne ? start : from, isOneToOne ? start + length : to);
            start += length;
        }
    }

    private static int CountCharacters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var value in text)
            count += (value & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }

    private static void Compose(List<(int CodePoint, int From, int To)> cluster)
    {
        var (starter, kept, lastClass) = (-1, 0, -1);
        for (var i = 0; i < cluster.Count; i++)
        {
            var item = cluster[i];
            var kind = CanonicalData.ClassOf(item.CodePoint);
            if (starter >= 0 && (lastClass == -1 || lastClass < kind)
                && CanonicalData.Compose(cluster[starter].CodePoint, item.CodePoint) is var whole and not 0)
            {
                cluster[starter] = cluster[starter] with { CodePoint = whole };
                continue;
            }

            if (kind == 0)
                (starter, lastClass) = (kept, -1);
            else
                lastClass = kind;
            cluster[kept++] = item;
        }

        cluster.RemoveRange(kept, cluster.Count - kept);
    }
}
