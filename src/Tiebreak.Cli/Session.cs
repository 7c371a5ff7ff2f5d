using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.App;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Verbs;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Reports.Documents;
using Tiebreak.Transformers.Judges;

namespace Tiebreak.Cli;

/// <summary>What every verb needs while it runs: where to write, and the options that all verbs share.</summary>
internal sealed record Session
{
    public const string Cpu = Placement.Cpu;

    public required Surface Surface { get; init; }

    /// <summary>One JSON object on standard output instead of text for people.</summary>
    public required bool Json { get; init; }

    public required ulong Seed { get; init; }

    public required int Threads { get; init; }

    /// <summary>Where transformer judges compute.</summary>
    public string Device { get; init; } = Cpu;

    /// <summary>Whether a battle's preference is to have the same bits whatever is judged with it.</summary>
    public bool IsInvariant { get; init; }

    /// <summary>The file that <c>--log</c> names; null for none.</summary>
    public string? Log { get; init; }

    /// <summary>Where jobs log what they do: into <see cref="Log"/>, or nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>What the files that are read call things, and which rows of them are wanted.</summary>
    public BattleReadOptions Reading { get; init; } = new();

    /// <summary>True to go on where much of the input cannot be used.</summary>
    public bool AcceptsLoss { get; init; }

    /// <summary>The judge kinds that this program carries.</summary>
    public static JudgeRegistry Judges { get; } = new([new FeatureJudgeFormat(), new PriorJudgeFormat(), new TransformerJudgeFormat()]);

    /// <summary>What <c>--members</c> says; null for nothing.</summary>
    public string? Members { get; init; }

    /// <summary>Where judges compute.</summary>
    public Placement Placement => MembersOption.Apply(
        Members, new() { Device = Device, Threads = Threads, IsInvariant = IsInvariant });

    /// <summary>A sentence that a person should know and need not act on, on standard error; nothing for null.</summary>
    public void Note(string? text)
    {
        if (text is not null)
            Surface.Error.Profile.Out.Writer.WriteLine($"Note: {text}");
    }

    /// <summary>A result for people; nothing where a machine asked for JSON.</summary>
    public void Say(string text)
    {
        if (!Json)
            Surface.Out.Profile.Out.Writer.WriteLine(text);
    }

    /// <summary>A table or another picture for people; nothing where a machine asked for JSON.</summary>
    public void Show(Spectre.Console.Rendering.IRenderable picture)
    {
        if (!Json)
            Surface.Out.Write(picture);
    }

    /// <summary>Sections of a document for people; nothing where a machine asked for JSON.</summary>
    public void Show(params IEnumerable<Section> sections)
    {
        foreach (var section in Json ? [] : sections)
            TerminalSection.Show(this, section);
    }

    /// <summary>A warning, on standard error.</summary>
    public void Warn(string text) => Surface.Error.Profile.Out.Writer.WriteLine($"Warning: {text}");

    /// <summary>Runs a job of the application, with its progress on standard error and its warnings there.</summary>
    public Task<T> RunAsync<T>(Func<JobContext, Task<T>> job) =>
        ProgressDisplay.RunAsync(this, progress => job(Context with { Progress = progress }));

    /// <summary>What a job of the application works with; it reports no progress.</summary>
    public JobContext Context => new()
    {
        Judges = Judges,
        Placement = Placement,
        Seed = Seed,
        Threads = Threads,
        Reading = Reading,
        AcceptsLoss = AcceptsLoss,
        OnWarning = Warn,
        OnNote = Note,
        LoggerFactory = LoggerFactory,
    };

    /// <summary>Shows a document to people or gives it to machines, and writes it as a page where that was asked for.</summary>
    public void Report<T>(T document, Func<JsonTypeInfo<T>> type, string? page = null)
        where T : IDocument
    {
        Show(document.Sections());
        if (page is not null)
            Write(page, HtmlDocument.Render(document));
        Emit(document, type);
    }

    /// <summary>Writes a file that was asked for besides the result, and says so; nothing where there is no path.</summary>
    public void Write(string? path, string text)
    {
        if (path is null)
            return;
        AtomicFile.WriteText(path, text);
        Say($"Wrote {path}.");
    }

    /// <summary>The result for machines; nothing where a person is reading.</summary>
    public void Emit<T>(T result, Func<JsonTypeInfo<T>> type) => Emit(json => JsonSerializer.Serialize(json, result, type()));

    /// <summary>The result for machines, as something writes it; nothing where a person is reading.</summary>
    public void Emit(Action<Utf8JsonWriter> write)
    {
        if (Json)
            Surface.Out.Profile.Out.Writer.WriteLine(CommandJson.Format(write));
    }
}
