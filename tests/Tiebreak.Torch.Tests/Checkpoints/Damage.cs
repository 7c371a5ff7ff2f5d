using CsCheck;

namespace Tiebreak.Torch.Tests.Checkpoints;

/// <summary>Good files with bytes of them exchanged, inserted or dropped.</summary>
internal static class Damage
{
    public static void Sample(byte[] good, Action<byte[]> read, int seconds) =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1 << 20], Gen.Byte).Array[0, 4].Sample(damages => read(Apply(good, damages)), time: seconds, threads: 2);

    private static byte[] Apply(byte[] good, (int Kind, int Place, byte Byte)[] damages)
    {
        var bytes = good.ToList();
        foreach (var (kind, place, value) in damages)
        {
            var at = place % (bytes.Count + 1);
            if (kind == 0)
                bytes.Insert(at, value);
            else if (kind == 1 && at < bytes.Count)
                bytes[at] = value;
            else if (at < bytes.Count)
                bytes.RemoveRange(at, Math.Min(1 + (value % 8), bytes.Count - at));
        }

        return [.. bytes];
    }
}
