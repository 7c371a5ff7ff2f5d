using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Families;
using Tiebreak.Samples.Generator.Output;

namespace Tiebreak.Samples.Generator;

/// <summary>Writes the built-in sample: labelled battles and a test file.</summary>
internal static class Program
{
    private const ulong Seed = 20_240_511;
    private const int TrainingRows = 2_400;
    private const int TestRows = 200;

    private static int Main(string[] args)
    {
        if (args is not ["--out", var folder])
        {
            Console.Error.WriteLine("Usage: dotnet run --project samples/Tiebreak.Samples.Generator -c Release -- --out samples");
            return 2;
        }

        Directory.CreateDirectory(folder);
        var dice = new Dice(Seed);
        var maker = new BattleMaker(dice, new NearDuplicates());
        List<Battle> training = [.. Enumerable.Range(0, TrainingRows).Select(_ => maker.Next())];
        List<Battle> test = [.. Enumerable.Range(0, TestRows).Select(_ => maker.Next())];
        BattleFile.Write(Path.Combine(folder, "battles.jsonl.gz"), training);
        TestFile.Write(Path.Combine(folder, "test.csv"), test, dice);
        Console.Out.WriteLine(FormattableString.Invariant($"{Catalogue.Count} task families, seed {Seed}"));
        Console.Out.WriteLine();
        Console.Out.WriteLine(Summary.Of("training", training));
        Console.Out.Write(Summary.Of("test", test));
        return 0;
    }
}
