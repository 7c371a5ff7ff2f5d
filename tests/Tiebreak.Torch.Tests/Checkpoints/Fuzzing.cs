using CsCheck;
using Tiebreak.Testing;

namespace Tiebreak.Torch.Tests.Checkpoints;

/// <summary>Damaged copies of a good file, for as long as asked.</summary>
internal static class Fuzzing
{
    private static readonly Gen<Damage[]> Damages =
        Gen.Select(
            Gen.Int[0, Damage.Kinds - 1],
            Gen.Int[0, 1 << 20],
            Gen.Byte,
            (kind, place, value) => new Damage(kind, place, value)).Array[0, 4];

    public static void Run(string target, byte[] good, Action<byte[]> read, int seconds)
    {
        using var time = new FuzzTime(target);
        Damages.Sample(damages => time.Read(damages, () => read(Damage.Apply(good, damages))), time: seconds, threads: 2);
    }
}
