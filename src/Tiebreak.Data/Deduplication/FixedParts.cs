using System.IO.Hashing;
using System.Runtime.InteropServices;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Deduplication;

/// <summary>
/// What must be equal for battles to mean the same, however alike their vectors are: the number of turns, and the numbers in the prompts.
/// Embeddings hardly see the difference between 3 chapters and 5, or between a question and the same with another one behind it.
/// </summary>
internal static class FixedParts
{
    /// <summary>A hash of those parts for each battle.</summary>
    public static ulong[] Of(IReadOnlyList<Battle> battles) => [.. battles.Select(Of)];

    private static ulong Of(Battle battle)
    {
        var hash = new XxHash3();
        foreach (var turn in battle.Turns)
        {
            var wasDigit = false;
            foreach (var c in turn.Prompt ?? "")
            {
                var isDigit = char.IsDigit(c);
                if (isDigit || wasDigit)
                    Append(isDigit ? c : ' ');
                wasDigit = isDigit;
            }

            Append('\n');
        }

        return hash.GetCurrentHashAsUInt64();

        void Append(char c) => hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<char>(in c)));
    }
}
