using System.Globalization;
using BenchmarkDotNet.Running;
using Tiebreak.Benchmarks;
using Tiebreak.Native;

ProcessSettings.Apply();
BenchmarkCommand[] commands =
[
    new("compare-read", "[PYTHON]", "the competition's CSV: Tiebreak, Sylvan, pandas; writes read.md", CompareRead.Run),
    new(
        "compare-tokenize",
        "FAMILIES [NODE_MODULES] [FAMILY...]",
        "tokenizers against their references; prints tokenize.md",
        CompareTokenize.Run),
    new("measure-tokenize-lengths", "FAMILIES [FAMILY...]", "single pieces of up to 8 MB; prints a table of tokenize.md",
        arguments => CompareTokenize.MeasureLengths(arguments[0], arguments[1..])),
    new("compare-ratings", "[PYTHON] [ROUNDS] [TIEBREAK]", "1.2 million votes beside scipy; writes ratings.md", CompareRatings.Run),
    new("compare-judge", "PYTHON FILE [SECTION.KEY=VALUE...]",
        "quality of the feature judge against scikit-learn's baseline on labelled battles", arguments =>
            CompareJudge.RunAsync(arguments[0], arguments[1], arguments[2..])),
    new("compare-recipes", "FILE SEEDS [\"SECTION.KEY=VALUE ...\"...]",
        "variants of the recipe on the same folds; prints the table of docs/feature-judge.md", arguments =>
            CompareRecipes.RunAsync(arguments[0], Number(arguments[1]), arguments[2..])),
    new("compare-features", "PYTHON", "text features against scikit-learn's TF-IDF; prints a table of features.md",
        arguments => CompareFeatures.Run(arguments[0])),
    new("compare-judge-speed", "PYTHON FILE [ROWS]",
        "training of a whole judge against TF-IDF with HistGradientBoosting; prints a table of judge.md", arguments =>
            CompareJudgeSpeed.Run(arguments[0], arguments[1], arguments.Length > 2 ? Number(arguments[2]) : int.MaxValue)),
    new("measure-battle", "BUNDLE FILE", "how long a feature judge takes for single battles when warm",
        arguments => MeasureBattle.RunAsync(arguments[0], arguments[1])),
    new("measure-formats", "", "1.2 million votes as CSV, Parquet and JSON Lines; writes formats.md",
        _ => MeasureFormats.Run(Path.Combine(CompareRead.Repository(), "bench", "results"))),
    new("measure-serve", "TIEBREAK BUNDLE [ROWS]", "tiebreak serve against tiebreak predict, and how it answers many callers; prints serve.md",
        arguments => arguments.Length > 2
            ? MeasureServe.RunAsync(arguments[0], arguments[1], Number(arguments[2]))
            : MeasureServe.RunAsync(arguments[0], arguments[1])),
    new("measure-soak", "TIEBREAK BUNDLE MINUTES", "the memory of tiebreak serve under load; prints serve-memory.md",
        arguments => MeasureSoak.RunAsync(arguments[0], arguments[1], Number(arguments[2]))),
    new("measure-runs", "BUNDLE", "scoring runs against plain predictions, and what budgets are used for; prints runs.md",
        arguments => MeasureRuns.RunAsync(arguments[0])),
    new("measure-transformer-judge", "TOKENIZER", "a transformer judge against the bare forward of its model; prints transformer-judge.md",
        arguments => MeasureTransformerJudge.RunAsync(arguments[0])),
    new("measure-coverage", "", "how often intervals of ratings hold the truth; writes coverage.md",
        _ => MeasureCoverage.Run(Path.Combine(CompareRead.Repository(), "bench", "results"))),
    new("measure-route", "", "how long a routing policy over 64 models takes for a prompt; prints route.md", _ => MeasureRoute.RunAsync()),
    new("measure-explorer", "FOLDER [BATTLES]", "the explorer's index over a million battles, those of FOLDER repeated; prints explorer.md",
        arguments => MeasureExplorer.RunAsync(arguments[0], arguments.Length > 1 ? Number(arguments[1]) : 1_000_000)),
    new("measure-packed", "", "packed weights: unpacking, memory; prints packed.md", _ => MeasurePacked.Run()),
    new("measure-prefixes", "[ROUNDS]", "texts that begin alike, computed once; prints a table of engine-plans.md",
        arguments => MeasurePrefixes.RunAsync(arguments.Length > 0 ? Number(arguments[0]) : 3)),
    new("measure-tuning", "FILE [CASE...]", "what a step of a training takes on the battles of FILE; prints the tables of tuning.md",
        arguments => MeasureTuning.Run(arguments[0], arguments[1..])),
    new("measure-card", "[DEVICE] [LAYERS]", "Gemma 2 9B's shape on a CUDA device; prints a table of engine-plans.md", arguments =>
        MeasureCard.RunAsync(
            arguments.Length > 0 ? arguments[0] : "cuda:0", arguments.Length > 1 ? Number(arguments[1]) : MeasureCard.Layers)),
    new("measure-layer-major", "[SIZES]", "a model layer by layer beside the whole one, and within a limit of memory that cannot hold it; "
        + "SIZES are those of config.json", arguments => MeasureLayerMajor.Run(arguments.Length > 0 ? arguments[0] : null)),
    new("measure-rows", "", "whether rows of libtorch's operators depend on the number of rows; prints a table of engine-plans.md",
        _ => MeasureRows.Run()),
    new("measure-compute", "", "float32, bfloat16 and int8 against each other; prints a table of packed.md", _ => MeasureCompute.Run()),
    new("measure-engine", "", "where the time of one decoder layer goes, in every format; prints tables of engine.md", _ => MeasureEngine.Run()),
    new("compare-llama", "", "a Llama in every format against llama.cpp; prints a table of engine.md", _ => CompareLlama.Run()),
    new("compare-encoders", "FILE [BATTLES]", "MiniLM and DeBERTa's shape against ONNX Runtime; prints a table of encoders.md", arguments =>
        CompareEncoders.RunAsync(arguments[0], arguments.Length > 1 ? Number(arguments[1]) : 40)),
    new(
        "measure-drift",
        "BATTLES TOKENIZER",
        "how far preferences move when a model is packed; prints the table of docs/adapters-and-quantisation.md",
        arguments => MeasureDrift.RunAsync(arguments[0], arguments[1])),
    new("generate-kaggle", "PATH [ROWS] [SEED]", "writes a synthetic file of the competition's shape", arguments =>
        SyntheticKaggleFile.WriteFile(
            arguments[0],
            arguments.Length > 1 ? Number(arguments[1]) : SyntheticKaggleFile.CompetitionRows,
            arguments.Length > 2 ? Number(arguments[2]) : 1)),
    new("write-random-llama", "FOLDER SIZES", "writes a random Llama; SIZES are those of config.json",
        arguments => MeasurePacked.Write(arguments[0], arguments[1])),

    // Parts of the above that run in processes of their own.
    new(
        CompareRead.MeasureVerb,
        "READER FILE RUNS",
        "",
        arguments => CompareRead.Measure(arguments[0], arguments[1], Number(arguments[2]))),
    new(
        CompareFeatures.MeasureVerb,
        "WHAT FILE RUNS",
        "",
        arguments => CompareFeatures.Measure(arguments[0], arguments[1], Number(arguments[2]))),
    new(
        CompareJudgeSpeed.MeasureVerb,
        "FILE ROWS OUT",
        "",
        arguments => CompareJudgeSpeed.MeasureAsync(arguments[0], Number(arguments[1]), arguments[2])),
    new(SoakLoad.Verb, "URL MINUTE", "", arguments => SoakLoad.RunAsync(arguments[0], Number(arguments[1]))),
    new(MeasureCompute.MeasureVerb, "FOLDER COMPUTE", "", arguments => MeasureCompute.Measure(arguments[0], arguments[1])),
    new(CompareLlama.MeasureVerb, "PATH FORMAT", "", arguments => CompareLlama.Measure(arguments[0], arguments[1])),
    new(TuningStep.Verb, "FILE RECIPE [KEY=VALUE...]", "", arguments => TuningStep.Measure(arguments[0], arguments[1], arguments[2..])),
    new(TuningStep.PaddingVerb, "FILE RECIPE [KEY=VALUE...]", "", arguments =>
        TuningStep.MeasurePadding(arguments[0], arguments[1], arguments[2..])),
    new(TuningStep.MixedVerb, "FILE RECIPE [KEY=VALUE...]", "", arguments =>
        TuningStep.MeasureMixed(arguments[0], arguments[1], arguments[2..])),
    new(TuningStep.PlainVerb, "FILE [KEY=VALUE...]", "", arguments => TuningStep.MeasurePlain(arguments[0], arguments[1..])),
    new(TuningStep.PairVerb, "FILE RECIPE [KEY=VALUE...] of [KEY=VALUE...] of [KEY=VALUE...]", "", arguments =>
        TuningStep.MeasurePair(arguments[0], arguments[1], arguments[2..])),
    new(MeasureEngine.MeasureVerb, "FOLDER COMPUTE", "", arguments => MeasureEngine.Measure(arguments[0], arguments[1])),
    new(MeasurePacked.MeasureVerb, "FOLDER COMPUTE", "", arguments => MeasurePacked.Measure(arguments[0], arguments[1])),
    new(MeasureLayerMajor.MeasureVerb, "FOLDER STREAMED", "",
        arguments => MeasureLayerMajor.MeasureAsync(arguments[0], bool.Parse(arguments[1]))),
];

if (args.Length == 0)
    return BenchmarkCommand.List(commands);
if (!args[0].StartsWith('-'))
    return await BenchmarkCommand.RunAsync(commands, args);

BenchmarkSwitcher.FromAssembly(typeof(ReadKaggleCsv).Assembly).Run(args);
return 0;

static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
    ? number
    : throw new FormatException($"\"{text}\" is not a number.");
