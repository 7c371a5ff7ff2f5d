using System.Buffers.Binary;
using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Bundles;

/// <summary>
/// Which battles and which opening prompts a judge was trained on, as sorted 64-bit keys: a score on battles that a judge has seen says
/// nothing about new ones. The file <c>seen.bin</c> of a bundle: the eight letters <c>TBSEEN01</c>, the numbers of battles and of prompts,
/// then the keys of each in ascending order, all as little-endian 64-bit numbers. By chance, a new battle counts as seen once in 10^14 for
/// 100,000 training rows.
/// </summary>
public sealed class SeenBattles
{
    /// <summary>The file's name in a bundle.</summary>
    public const string FileName = "seen.bin";

    private const int HeaderBytes = 3 * sizeof(ulong);

    private readonly ulong[] _battles;
    private readonly ulong[] _prompts;

    private SeenBattles(ulong[] battles, ulong[] prompts) => (_battles, _prompts) = (battles, prompts);

    private static ReadOnlySpan<byte> Signature => "TBSEEN01"u8;

    /// <summary>Remembers battles.</summary>
    /// <param name="battles">The battles of a training.</param>
    /// <param name="threads">Threads to use.</param>
    public static SeenBattles Of(IReadOnlyList<Battle> battles, int threads)
    {
        var (keys, prompts) = (new ulong[battles.Count], new ulong[battles.Count]);
        Parallel.For(0, keys.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
            (keys[i], prompts[i]) = (ContentKey.Of(battles[i]).Value, PromptOf(battles[i])));
        return new SeenBattles([.. keys.Distinct().Order()], [.. prompts.Distinct().Order()]);
    }

    /// <summary>All that any of several lists remembers.</summary>
    internal static SeenBattles Union(IReadOnlyList<SeenBattles> lists) => new(
        [.. lists.SelectMany(list => list._battles).Distinct().Order()], [.. lists.SelectMany(list => list._prompts).Distinct().Order()]);

    /// <summary>Whether this battle was among them, in either order of A and B, whatever its id.</summary>
    public bool HasBattle(Battle battle) => Array.BinarySearch(_battles, ContentKey.Of(battle).Value) >= 0;

    /// <summary>Whether a battle with the same opening prompt (see <see cref="PromptGroup"/>) was among them.</summary>
    public bool HasPrompt(Battle battle) => Array.BinarySearch(_prompts, PromptOf(battle)) >= 0;

    /// <summary>Writes <see cref="FileName"/> into a folder.</summary>
    public void Write(string folder)
    {
        var bytes = new byte[HeaderBytes + (sizeof(ulong) * (_battles.Length + _prompts.Length))];
        Signature.CopyTo(bytes);
        var rest = bytes.AsSpan(sizeof(ulong));
        foreach (var value in (IEnumerable<ulong>)[(ulong)_battles.Length, (ulong)_prompts.Length, .. _battles, .. _prompts])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, value);
            rest = rest[sizeof(ulong)..];
        }

        File.WriteAllBytes(Path.Combine(folder, FileName), bytes);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InputException">The file has another layout.</exception>
    public static SeenBattles Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var bytes = File.ReadAllBytes(path).AsSpan();
        if (bytes.Length >= HeaderBytes && bytes.StartsWith(Signature))
        {
            var (battles, prompts) = (Number(bytes, 1), Number(bytes, 2));
            var keys = (ulong)((bytes.Length - HeaderBytes) / sizeof(ulong));
            if (bytes.Length % sizeof(ulong) == 0 && battles <= keys && prompts == keys - battles)
                return new SeenBattles(Numbers(bytes, 3, (int)battles), Numbers(bytes, 3 + (int)battles, (int)prompts));
        }

        throw new InputException($"{path} is not a list of training rows. Restore the bundle, or train the judge again.");
    }

    private static ulong PromptOf(Battle battle) => ContentKey.Of(PromptGroup.KeyOf(battle)).Value;

    private static ulong Number(ReadOnlySpan<byte> bytes, int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[(index * sizeof(ulong))..]);

    private static ulong[] Numbers(ReadOnlySpan<byte> bytes, int start, int count)
    {
        var numbers = new ulong[count];
        for (var i = 0; i < count; i++)
            numbers[i] = Number(bytes, start + i);
        return numbers;
    }
}
