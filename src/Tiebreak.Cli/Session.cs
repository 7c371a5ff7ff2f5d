using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Boosting.FeatureJudges;
using Tiebreak.Cli.Output;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Transformers.Judges;

namespace Tiebreak.Cli;

/// <summary>What every verb needs while it runs: where to write, and the options that all verbs share.</summary>
internal sealed record Session
{
    public const string Cpu = Placement.Cpu;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required Surface Surface { get; init; }

    /// <summary>One JSON object on standard output instead of text for people.</summary>
    public required bool Json { get; init; }

    public required ulong Seed { get; init; }

    public required int Threads { get; init; }

    /// <summary>The file of pooled states that belongs to the battles, or null.</summary>
    public string? States { get; init; }

    /// <summary>Where transformer judges compute.</summary>
    public string Device { get; init; } = Cpu;

    /// <summary>The judge kinds that this program carries.</summary>
    public static JudgeRegistry Judges { get; } = new([new FeatureJudgeFormat(), new PriorJudgeFormat(), new TransformerJudgeFormat()]);

    /// <summary>Where judges compute.</summary>
    public Placement Placement => new() { Device = Device, Threads = Threads };

    /// <summary>Opens a judge where this session computes.</summary>
    /// <param name="folder">The bundle's folder.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="Tiebreak.Core.InputException">Not a bundle, or a damaged one.</exception>
    public async Task<Bundle> OpenJudgeAsync(string folder, CancellationToken cancellationToken)
    {
        var bundle = await Bundle.OpenAsync(folder, Judges, Placement, cancellationToken: cancellationToken);
        Note(bundle.Notice);
        return bundle;
    }

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

    /// <summary>A table whose last columns matter least: those that do not fit on a line are left out, and named.</summary>
    public void ShowNarrowed(TextTable table)
    {
        var shown = table.Narrowed(Surface.Out.Profile.Width);
        Show(shown.ToTerminal());
        if (shown != table)
            Say($"Not shown on so narrow a terminal: {string.Join("; ", table.Columns.Skip(shown.Columns.Count).Select(column => column.ReplaceLineEndings(" ")))}.");
    }

    /// <summary>A warning, on standard error.</summary>
    public void Warn(string text) => Surface.Error.Profile.Out.Writer.WriteLine($"Warning: {text}");

    /// <summary>The result for machines; nothing where a person is reading.</summary>
    public void Emit(JsonObject result)
    {
        if (Json)
            Surface.Out.Profile.Out.Writer.WriteLine(result.ToJsonString(Readable));
    }
}
