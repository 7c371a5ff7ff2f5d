using BenchmarkDotNet.Running;
using Tiebreak.Benchmarks;

switch (args)
{
    case ["compare-read", .. var options]:
        return CompareRead.Run(options);
    case [CompareRead.MeasureVerb, var reader, var file, var runs]:
        return CompareRead.Measure(reader, file, int.Parse(runs, System.Globalization.CultureInfo.InvariantCulture));
    case ["compare-tokenize", .. var options]:
        return CompareTokenize.Run(options);
    case [CompareRatings.Verb, .. var options]:
        return CompareRatings.Run(options);
    case [MeasureFormats.Verb]:
        return MeasureFormats.Run(Path.Combine("bench", "results"));
    case [MeasureRoute.Verb]:
        return await MeasureRoute.RunAsync();
    case [MeasurePacked.Verb]:
        return MeasurePacked.Run();
    case [MeasurePacked.MeasureVerb, var folder, var compute]:
        return MeasurePacked.Measure(folder, compute);
    case [MeasurePacked.WriteVerb, var target, var sizes]:
        return MeasurePacked.Write(target, sizes);
    case [CompareJudge.Verb, var python, var data, .. var changes]:
        return await CompareJudge.RunAsync(python, data, changes);
    case [CompareFeatures.Verb, var python]:
        return CompareFeatures.Run(python);
    case [CompareFeatures.MeasureVerb, var what, var file]:
        return CompareFeatures.Measure(what, file);
    case ["generate-kaggle", var path]:
        SyntheticKaggleFile.Write(path);
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(ReadKaggleCsv).Assembly).Run(args);
        return 0;
}
