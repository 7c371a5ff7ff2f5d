using System.CommandLine;
using System.Diagnostics;
using Tiebreak.App;
using Tiebreak.App.Predicting;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Judging.Capabilities;
using Tiebreak.Data;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Transformers.Import;

namespace Tiebreak.Cli.Verbs;

internal sealed class TokenizeVerb : Verb
{
    private readonly Option<string> _tokenizer = new("--tokenizer")
    {
        Description = "A model's folder, read as AutoTokenizer does, or a file by its own rules: tokenizer.json, spm.model, vocab.txt, "
            + "vocab.json, *.tiktoken.",
        Required = true,
    };

    private readonly Option<string?> _input = new("--input")
    {
        Description = "Texts, one JSON object a line: {\"text\", \"add_special_tokens\"?, \"parse_special\"?}.",
    };
    private readonly Option<string?> _battles = new("--battles")
    {
        Description = "Instead of --input: battles to fit into a budget of tokens.",
    };
    private readonly Option<string?> _out = new("--out")
    {
        Description = "The file to write, one JSON object with \"ids\" a line; two lines a battle with a reply template. "
            + "Needed with --input.",
    };
    private readonly Option<int> _budget = new("--budget")
    {
        Description = "With --battles: most tokens a battle may have, or each side of it with a reply template.",
        DefaultValueFactory = _ => 1024,
    };
    private readonly TemplateOption _template = new();
    private readonly Option<string> _strategy = new("--strategy")
    {
        Description = "With --battles: what is given up.",
        DefaultValueFactory = _ => "rounds",
    };

    public TokenizeVerb(Surface surface)
        : base("tokenize", "Turn texts into token ids, or fit battles into a token budget and say what that costs.", surface)
    {
        Examples =
        [
            "tokenize --tokenizer gemma-2 --input texts.jsonl --out ids.jsonl",
            "tokenize --tokenizer gemma-2 --battles train.csv --budget 2048",
        ];
        _strategy.AcceptOnlyFromAmong([.. BudgetStrategies.ByName.Keys]);
        Add(_tokenizer);
        Add(_input);
        Add(_battles);
        Add(_out);
        Add(_budget);
        Add(_template);
        Add(_strategy);
        AddInputOptions();
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (input, battles, path) = (parse.GetValue(_input), parse.GetValue(_battles), parse.GetValue(_out));
        if (input is null == battles is null)
            throw new InputException("Give either --input TEXTS or --battles FILE.");
        if (input is not null && path is null)
            throw new InputException("--input needs --out FILE.");

        var tokenizer = TokenizerFile.Open(ModelFolder.Of(parse.GetRequiredValue(_tokenizer)));
        foreach (var note in tokenizer.Notes)
            session.Warn(note);
        if (input is not null)
            WriteTexts(session, tokenizer, input, path!, cancellationToken);
        else
            await FitAsync(parse, session, tokenizer, battles!, path, cancellationToken);
        return TiebreakCommand.Ok;
    }

    private static void WriteTexts(Session session, Tokenizer tokenizer, string input, string path, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var (texts, tokens) = (0L, 0L);
        AtomicFile.Write(path, stream =>
        {
            foreach (var block in TextLines.Read(input).Chunk(2048))
            {
                var rows = new int[block.Length][];
                Parallel.For(
                    0, block.Length,
                    new ParallelOptions { MaxDegreeOfParallelism = session.Threads, CancellationToken = cancellationToken },
                    i => rows[i] = tokenizer.Encode(block[i].Text, block[i].Options));
                foreach (var ids in rows)
                    WriteIds(stream, ids);
                texts += rows.Length;
                tokens += rows.Sum(ids => (long)ids.Length);
            }
        });
        var seconds = clock.Elapsed.TotalSeconds;
        session.Say($"Wrote {path}: {Quantity.Of(texts, "text")}, {Quantity.Of(tokens, "token")} in {seconds:F1} s. "
            + $"{tokenizer.Description}, {tokenizer.VocabularySize:N0} ids.");
        session.Emit(
            new TokenizedTexts(path, texts, tokens, seconds, tokenizer.Description, tokenizer.VocabularySize),
            () => CommandJson.Default.TokenizedTexts);
    }

    private static void WriteIds(Stream stream, int[] ids)
    {
        using var writer = new System.Text.Json.Utf8JsonWriter(stream);
        writer.WriteStartObject();
        writer.WriteStartArray("ids");
        foreach (var id in ids)
            writer.WriteNumberValue(id);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        stream.WriteByte((byte)'\n');
    }

    private async Task FitAsync(
        ParseResult parse, Session session, Tokenizer tokenizer, string file, string? path, CancellationToken cancellationToken)
    {
        var (template, strategy, budget) = (_template.Open(parse), parse.GetRequiredValue(_strategy), parse.GetValue(_budget));
        var folder = ModelFolder.Of(parse.GetRequiredValue(_tokenizer));
        var chat = template.IsChat && Directory.Exists(folder) ? ChatTemplate.Find(folder) : null;
        if (template.IsChat && chat is null)
            session.Warn($"{folder} has no chat template; the turn markers of its vocabulary are used.");
        var fitter = new BattleFitter(tokenizer, template, BudgetStrategies.ByName[strategy], budget, chat);
        var set = await BattleLoading.LoadAsync(session, [file], BattlePurpose.Explore, cancellationToken);
        var isReply = template.Layout is TemplateLayout.Reply;
        var fitted = new FittedBattle[isReply ? 2 * set.Battles.Count : set.Battles.Count]; // of replies, both sides one after the other
        await ProgressDisplay.RunAsync(session, progress => Task.Run(
            () =>
            {
                var done = 0;
                Parallel.For(
                    0, set.Battles.Count,
                    new ParallelOptions { MaxDegreeOfParallelism = session.Threads, CancellationToken = cancellationToken },
                    i =>
                    {
                        if (isReply)
                            (fitted[2 * i], fitted[(2 * i) + 1]) = fitter.FitReplies(set.Battles[i]);
                        else
                            fitted[i] = fitter.Fit(set.Battles[i]);
                        if (Interlocked.Increment(ref done) is var count && count % 256 == 0)
                            progress.Report(new JobProgress("fitting battles", count, set.Battles.Count));
                    });
                return true;
            },
            cancellationToken));
        if (path is not null)
        {
            AtomicFile.Write(path, stream =>
            {
                foreach (var battle in fitted)
                    WriteIds(stream, battle.Ids);
            });
        }

        if (isReply)
            fitted = [.. fitted.Chunk(2).Select(sides => FittedBattle.OfSides(sides[0], sides[1]))];
        var losses = new Truncation(new BudgetReport(fitted), budget);
        session.Show(losses.Details($"Losses: {template.Name}, {strategy}, {budget} tokens"));
        session.Emit(losses, () => AppJson.Default.Truncation);
    }
}

/// <summary>Texts that were turned into token ids.</summary>
/// <param name="Out">The file that was written.</param>
/// <param name="Texts">Texts.</param>
/// <param name="Tokens">Tokens of all of them.</param>
/// <param name="Seconds">Time of reading, tokenising and writing.</param>
/// <param name="Tokenizer">What the tokenizer is.</param>
/// <param name="Vocabulary">How many ids it has.</param>
internal sealed record TokenizedTexts(string Out, long Texts, long Tokens, double Seconds, string Tokenizer, int Vocabulary);
