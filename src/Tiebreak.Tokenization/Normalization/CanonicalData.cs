using System.Globalization;
using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Normalization;

/// <summary>
/// Canonical decompositions, compositions and combining classes of Unicode (UAX 15, https://www.unicode.org/reports/tr15/). The product
/// runs without ICU, where .NET's own normalisation does nothing.
/// </summary>
internal static class CanonicalData
{
    /// <summary>Most characters that one is taken apart into.</summary>
    public const int MaxParts = 4;

    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Trails = 28;

    private static readonly byte[] Classes = new byte[CodePoint.Count];
    private static readonly Dictionary<int, (int First, int Second)> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];

    /// <summary>Characters that NFC may change, alone or together with what stands before them.</summary>
    private static readonly bool[] NeedsCare = new bool[CodePoint.Count];

    static CanonicalData()
    {
        using var reader = new StreamReader(
            typeof(CanonicalData).Assembly.GetManifestResourceStream("Tiebreak.Tokenization.Normalization.canonical.txt")!);
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split(' ');
            if (parts[0] is "c")
                ReadClass(parts);
            else if (parts[0] is "d" or "x")
                ReadDecomposition(parts);
        }

        foreach (var vowelOrTrail in Enumerable.Range(VowelBase, TrailBase + Trails - VowelBase))
            NeedsCare[vowelOrTrail] = true;
    }

    public static int ClassOf(int codePoint) => Classes[codePoint];

    /// <summary>Whether the character is the same in NFC whatever stands before it.</summary>
    public static bool IsStable(int codePoint) => !NeedsCare[codePoint];

    /// <summary>Writes the full decomposition of a character.</summary>
    /// <param name="codePoint">The character.</param>
    /// <param name="target">At least <see cref="MaxParts"/> long.</param>
    /// <returns>How many characters it has.</returns>
    public static int Decompose(int codePoint, Span<int> target)
    {
        if (codePoint is >= SyllableBase and < SyllableBase + (Leads * Vowels * Trails))
        {
            var index = codePoint - SyllableBase;
            target[0] = LeadBase + (index / (Vowels * Trails));
            target[1] = VowelBase + (index % (Vowels * Trails) / Trails);
            if (index % Trails == 0)
                return 2;
            target[2] = TrailBase + (index % Trails);
            return 3;
        }

        if (Decompositions.TryGetValue(codePoint, out var parts))
        {
            var count = Decompose(parts.First, target);
            if (parts.Second != 0)
                target[count++] = parts.Second;
            return count;
        }

        target[0] = codePoint;
        return 1;
    }

    /// <summary>The character that two make, or 0.</summary>
    public static int Compose(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + Leads && second is >= VowelBase and < VowelBase + Vowels)
            return SyllableBase + ((((first - LeadBase) * Vowels) + second - VowelBase) * Trails);
        var isOpenSyllable = first is >= SyllableBase and < SyllableBase + (Leads * Vowels * Trails)
            && (first - SyllableBase) % Trails == 0;
        if (isOpenSyllable && second is > TrailBase and < TrailBase + Trails)
            return first + second - TrailBase;
        return Compositions.GetValueOrDefault((first, second));
    }

    private static void ReadClass(string[] parts)
    {
        foreach (var range in parts.AsSpan(2))
        {
            var ends = range.Split('-');
            for (var codePoint = Hex(ends[0]); codePoint <= Hex(ends[^1]); codePoint++)
            {
                Classes[codePoint] = byte.Parse(parts[1], CultureInfo.InvariantCulture);
                NeedsCare[codePoint] = true;
            }
        }
    }

    private static void ReadDecomposition(string[] parts)
    {
        var (whole, first, second) = (Hex(parts[1]), Hex(parts[2]), parts.Length > 3 ? Hex(parts[3]) : 0);
        Decompositions[whole] = (first, second);
        if (parts[0] is "x")
        {
            NeedsCare[whole] = true;
        }
        else
        {
            Compositions[(first, second)] = whole;
            NeedsCare[second] = true;
        }
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
