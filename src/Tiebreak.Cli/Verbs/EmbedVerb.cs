using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Tiebreak.App;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Data;
using Tiebreak.Data.Reading.Parquet;
using Tiebreak.Transformers.Embeddings;
using Tiebreak.Transformers.Import;
using Tiebreak.Transformers.Planning;

namespace Tiebreak.Cli.Verbs;

internal sealed class EmbedVerb : Verb
{
    private const int GroupRows = 1000;
    private const int TextsOfRow = 4;

    private readonly Option<string?> _judge = new("--judge") { Description = "Folder of a transformer judge's bundle." };
    private readonly Option<string?> _model = new("--model")
    {
        Description = "Instead of --judge: folder of a published model with its tokenizer, or a name of model fetch, such as minilm.",
    };
    private readonly Option<string> _data = new("--data") { Description = "Battles, in any format that Tiebreak reads.", Required = true };
    private readonly Option<string> _out = new("--out")
    {
        Description = "The parquet file to write: id, prompt, response_a, response_b, pair.",
        Required = true,
    };
    private readonly Option<string?> _pooling = new("--pooling")
    {
        Description = "How a text becomes one vector: mean of its tokens, or the token that heads read. "
            + "Default: as the files of sentence-transformers in the model's folder say, else mean.",
    };
    private readonly Option<int> _maxTokens = new("--max-tokens")
    {
        Description = "With --model: most tokens of a text.",
        DefaultValueFactory = _ => 512,
    };
    private readonly DTypeOption _dtype = new()
    {
        Description = "With --model: what to compute with.",
        DefaultValueFactory = _ => "float32",
    };
    private readonly ComputeOption _compute = new()
    {
        Description = "With --model: what linear layers are computed with: float, or int8 (weights and activations rounded as they come).",
    };

    public EmbedVerb(Surface surface)
        : base(
            "embed",
            "Write the hidden states of a transformer model for the texts of battles, for instance as features of another judge.",
            surface)
    {
        _ = _pooling.AcceptOnlyFromAmong("mean", "token");
        foreach (var option in (Option[])[_judge, _model, _data, _out, _pooling, _maxTokens, _dtype, _compute])
            Add(option);
        AddInputOptions();
        AddJudgeOptions();
        Examples =
        [
            "embed --model deberta-v3-small --data train.csv --out embeddings.parquet",
            "embed --model minilm --data train.csv --out embeddings.parquet",
            "embed --model minilm --compute int8 --data train.csv --out embeddings.parquet",
            "embed --judge judge --data test.csv --out embeddings.parquet --pooling token",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (judge, model) = (parse.GetValue(_judge), parse.GetValue(_model));
        if (judge is null == model is null)
            throw new InputException("Give either --judge BUNDLE or --model FOLDER.");
        if (model is not null)
        {
            var (folder, options) = (ModelFolder.Of(model), OptionsOf(parse, session));
            foreach (var warning in SlowArithmetic.Warnings(options.Device, options.Type, options.Compute))
                session.Warn(warning);
            await using var embedder = await BattleEmbedder.OpenAsync(folder, options, cancellationToken);
            return await WriteAsync(parse, session, embedder, SentenceSettings.Read(folder).Pooling, cancellationToken);
        }

        await using var bundle = await session.Context.OpenAsync(judge!, cancellationToken);
        if (bundle.Judge.Traits.States is not { } states)
        {
            throw new InputException(
                $"The judge in {judge} is of kind \"{bundle.Manifest.Kind}\" and has no hidden states. " +
                "Give one of kind \"transformer\", or --model.");
        }

        return await WriteAsync(parse, session, states, ofFolder: null, cancellationToken);
    }

    private EmbeddingOptions OptionsOf(ParseResult parse, Session session) => new()
    {
        MaxTokens = parse.GetValue(_maxTokens),
        Type = _dtype.Of(parse)!.Value,
        Compute = _compute.Of(parse),
        Device = session.Device,
        Threads = session.Threads,
    };

    private async Task<int> WriteAsync(
        ParseResult parse, Session session, IStateSource source, EmbeddingPooling? ofFolder, CancellationToken cancellationToken)
    {
        var (data, path) = (parse.GetRequiredValue(_data), parse.GetRequiredValue(_out));
        var pooling = parse.GetValue(_pooling) switch
        {
            "mean" => EmbeddingPooling.Mean,
            "token" => EmbeddingPooling.Token,
            _ => ofFolder ?? EmbeddingPooling.Mean,
        };
        var clock = Stopwatch.StartNew();
        var (rows, size, problems) = (0, 0, new List<RowProblem>());
        await ProgressDisplay.RunAsync(session, progress => Task.Run(
            () =>
            {
                PooledStatesFile.Write(path, Groups(progress));
                return true;
            },
            cancellationToken));

        var seconds = clock.Elapsed.TotalSeconds;
        BattleFiles.SayProblems(session.Context, problems, "embedded with what could be read");
        session.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"Wrote {path}: {Quantity.Of(rows, "battle")}, vectors of {size:N0} numbers, in {seconds:F1} s."));
        session.Emit(
            new EmbeddedBattles(rows, problems, size, pooling is EmbeddingPooling.Token ? "token" : "mean", seconds, path),
            () => CommandJson.Default.EmbeddedBattles);
        return TiebreakCommand.Ok;

        // The file is read, embedded and written group by group.
        IEnumerable<IReadOnlyList<Battle>> Groups(IProgress<JobProgress> progress)
        {
            var options = session.Reading with { Purpose = BattlePurpose.Explore, Threads = session.Threads };
            foreach (var group in Battles(BattleReader.Read(data, options, cancellationToken)).Chunk(GroupRows))
            {
                var stage = new StageProgress(progress, "embedding texts", TextsOfRow * (rows + group.Length), TextsOfRow * rows);
                var states = source.EmbedAsync(group, pooling, stage, cancellationToken).GetAwaiter().GetResult();
                rows += group.Length;
                size = Math.Max(size, states.Max(state => state.Pair?.Count ?? 0));
                yield return [.. group.Zip(states, (battle, state) => battle with { States = state })];
            }
        }

        IEnumerable<Battle> Battles(IEnumerable<BattleRow> read)
        {
            foreach (var row in read)
            {
                if (row.Problem is { } problem)
                    problems.Add(problem);
                if (row.Battle is { } battle)
                    yield return battle;
            }
        }
    }
}

/// <summary>Battles whose hidden states were written.</summary>
/// <param name="Rows">Battles.</param>
/// <param name="Problems">Rows that could not be read as they should.</param>
/// <param name="Size">Numbers of a vector.</param>
/// <param name="Pooling">How states became one vector: mean or token.</param>
/// <param name="Seconds">Time of reading, embedding and writing.</param>
/// <param name="Out">The file that was written.</param>
internal sealed record EmbeddedBattles(
    int Rows, IReadOnlyList<RowProblem> Problems, int Size, string Pooling, double Seconds, string Out);
