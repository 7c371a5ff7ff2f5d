using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Tiebreak.Data.Layouts.Kaggle;

/// <summary>
/// The hot path of <see cref="JsonTextList"/>: takes the CSV quoting and the JSON off a cell in one pass, 16 bytes at a time. It reads
/// well-formed lists only and leaves everything else, and all the reasons, to the careful path.
/// </summary>
internal static class QuotedTextList
{
    /// <summary>So many characters more than the cell has bytes does the scratch space need.</summary>
    public const int Slack = 16;

    /// <summary>Reads a cell that is still quoted: <c>[""Hi"",null]</c>.</summary>
    /// <param name="cell">The cell between its outer quotes, every quote in it doubled.</param>
    /// <param name="texts">Takes the elements; unspecified after failure.</param>
    /// <param name="scratch">At least <see cref="Slack"/> longer than the cell.</param>
    /// <returns>False if the cell is not plainly such a list.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryRead(ReadOnlySpan<byte> cell, List<string?> texts, Span<char> scratch)
    {
        if (cell is not [(byte)'[', .., (byte)']'])
            return false;

        var position = 1;
        while (true)
        {
            var rest = cell[position..];
            if (rest.StartsWith("\"\""u8))
            {
                position += 2;
                var length = ReadText(cell, ref position, scratch);
                if (length < 0)
                    return false;
                texts.Add(new string(scratch[..length]));
            }
            else if (rest.StartsWith("null"u8))
            {
                position += 4;
                texts.Add(null);
            }
            else
            {
                return false;
            }

            if (position == cell.Length - 1)
                return true;
            if (cell[position] != ',')
                return false;
            position += cell[position + 1] == ' ' ? 2 : 1;
        }
    }

    /// <summary>Decodes up to the closing quotes and steps behind them.</summary>
    /// <returns>The number of characters, or -1 if the text is not well-formed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ReadText(ReadOnlySpan<byte> cell, ref int position, Span<char> scratch)
    {
        var quote = Vector128.Create((byte)'"');
        var backslash = Vector128.Create((byte)'\\');
        var (read, written) = (position, 0);

        // Unchecked because this loop is most of the reading time. Nothing written is ever ahead of what was read.
        ArgumentOutOfRangeException.ThrowIfLessThan(scratch.Length, cell.Length + Slack);
        ref var source = ref MemoryMarshal.GetReference(cell);
        ref var target = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(scratch));
        while (true)
        {
            // Plain ASCII: widen 16 bytes, whatever they are, and go on behind those that are plain.
            while (read <= cell.Length - Vector128<byte>.Count)
            {
                var bytes = Vector128.LoadUnsafe(in source, (nuint)read);
                var (low, high) = Vector128.Widen(bytes);
                low.StoreUnsafe(ref target, (nuint)written);
                high.StoreUnsafe(ref target, (nuint)written + 8);

                // As signed numbers, control characters and everything beyond ASCII lie below a space.
                var special = Vector128.Equals(bytes, quote) | Vector128.Equals(bytes, backslash) |
                    Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)' ')).AsByte();
                var mask = special.ExtractMostSignificantBits();
                var plain = mask == 0 ? Vector128<byte>.Count : BitOperations.TrailingZeroCount(mask);
                read += plain;
                written += plain;
                if (mask != 0)
                    break;
            }

            if (read >= cell.Length - 1)
                return -1;
            var unit = cell[read];
            if (unit == '"')
            {
                position = read + 2;
                return cell[read + 1] == '"' ? written : -1;
            }

            if (unit == '\\')
            {
                if (!QuotedEscape.TryRead(cell, ref read, scratch, ref written))
                    return -1;
            }
            else if (unit >= 0x80)
            {
                Rune.DecodeFromUtf8(cell[read..], out var rune, out var consumed);
                read += consumed;
                written += rune.EncodeToUtf16(scratch[written..]);
            }
            else if (unit >= ' ')
            {
                scratch[written++] = (char)unit;
                read++;
            }
            else
            {
                return -1;
            }
        }
    }
}
