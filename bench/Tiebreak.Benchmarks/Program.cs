using BenchmarkDotNet.Running;
using Tiebreak.Benchmarks;

switch (args)
{
    case ["compare-read", .. var options]:
        return CompareRead.Run(options);
    case [CompareRead.MeasureVerb, var reader, var file, var runs]:
        return CompareRead.Measure(reader, file, int.Parse(runs, System.Globalization.CultureInfo.InvariantCulture));
    case [CompareRatings.Verb, .. var options]:
        return CompareRatings.Run(options);
    case [MeasureFormats.Verb]:
        return MeasureFormats.Run();
    case ["generate-kaggle", var path]:
        SyntheticKaggleFile.Write(path);
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(ReadKaggleCsv).Assembly).Run(args);
        return 0;
}
