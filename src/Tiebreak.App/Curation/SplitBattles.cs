using System.Text.Json.Serialization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Data.Splitting;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Curation;

/// <summary>Cuts battles into parts.</summary>
public sealed record SplitBattles
{
    /// <summary>Files of battles.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The files to write, one per part; see <see cref="BattleFiles.Write"/>.</summary>
    public required IReadOnlyList<string> Out { get; init; }

    /// <summary>How large the parts are in proportion, one number above 0 per part.</summary>
    public required IReadOnlyList<double> Fractions { get; init; }

    /// <summary>What never stands in two parts.</summary>
    public SplitBy By { get; init; }

    /// <summary>With <see cref="SplitBy.Model"/>: the models to hold out; empty to choose some.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Splits.</summary>
    /// <exception cref="InputException">The data cannot be used, or not be cut so.</exception>
    public async Task<SplitDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (By is not SplitBy.Prompt && Out.Count != 2)
            throw new InputException($"A split by {$"{By}".ToLowerInvariant()} makes two parts: give two files.");

        var set = await BattleFiles.LoadAsync(context, Data, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
        var split = Split(set.Battles, context.Seed);
        foreach (var (path, part) in Out.Zip(split.Parts))
            BattleFiles.Write(path, part);
        return new SplitDocument(Out, split);
    }

    private BattleSplit Split(IReadOnlyList<Battle> battles, ulong seed)
    {
        if (By is SplitBy.Prompt)
            return BattleSplitter.ByPrompt(battles, [.. Fractions], seed);

        var heldOut = Fractions[1] / (Fractions[0] + Fractions[1]);
        return By is SplitBy.Time ? BattleSplitter.ByTime(battles, heldOut)
            : Models.Count > 0 ? BattleSplitter.ByModel(battles, [.. Models])
            : BattleSplitter.ByModel(battles, heldOut, seed);
    }
}

/// <summary>How battles were cut.</summary>
public sealed class SplitDocument : IDocument
{
    private readonly IReadOnlyList<string> _paths;
    private readonly BattleSplit _split;

    internal SplitDocument(IReadOnlyList<string> paths, BattleSplit split) => (_paths, _split) = (paths, split);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => "Split";

    /// <summary>The parts.</summary>
    public IEnumerable<SplitPart> Parts => _paths.Zip(_split.Parts, (path, part) => new SplitPart(path, part.Count));

    /// <summary>Battles that are in no part, because they share a prompt with the held-out part.</summary>
    public int SetAside => _split.SetAside.Count;

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        yield return new TextTable(
            "Parts", ["File", "Battles", "A", "B", "Tie"],
            [.. _paths.Zip(_split.Parts, (path, part) => new[]
            {
                path, NumberText.Count(part.Count), Share(part, Outcome.A), Share(part, Outcome.B), Share(part, Outcome.Tie),
            })]);
        if (SetAside > 0)
        {
            yield return new Paragraph(
                Invariant($"{SetAside:N0} battles are in no part, because they share a prompt with the held-out part."));
        }
    }

    private static string Share(IReadOnlyList<Battle> battles, Outcome outcome) => NumberText.Percent(
        battles.Where(battle => battle.Target is not null).Select(battle => battle.Target!.Value[outcome])
            .DefaultIfEmpty(double.NaN).Average());
}

/// <summary>A part of a split.</summary>
/// <param name="Out">The file that was written.</param>
/// <param name="Rows">Its battles.</param>
public sealed record SplitPart(string Out, int Rows);

/// <summary>What never stands in two parts of a split.</summary>
public enum SplitBy
{
    /// <summary>A prompt.</summary>
    Prompt,

    /// <summary>A model: the second part holds the battles of models that the first does not know.</summary>
    Model,

    /// <summary>A time: the second part is later than the first.</summary>
    Time,
}
