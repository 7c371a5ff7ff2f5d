using System.Buffers;
using System.Text;
using System.Text.Json;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Core.Bundles;

/// <summary>
/// The file <c>check.jsonl</c>: battles with the preferences that the judge gave when it was saved. Loading scores them again, so that a
/// head that was not loaded, a changed tokenizer or a broken library cannot go unnoticed.
/// </summary>
internal static class CheckRows
{
    public const string FileName = "check.jsonl";

    // Longer ones would bloat the bundle.
    private const long MaxCharacters = 20_000;

    /// <summary>
    /// Chooses battles spread over the data: of those that are short enough, and where there are too few of them, among the shortest.
    /// </summary>
    /// <param name="battles">The data.</param>
    /// <param name="rows">How many.</param>
    /// <param name="characters">What is short enough.</param>
    public static Battle[] Choose(IReadOnlyList<Battle> battles, int rows, long characters)
    {
        var candidates = battles.Where(battle => Length(battle) <= Math.Min(characters, MaxCharacters)).ToList();
        if (candidates.Count < rows)
            candidates = [.. battles.Where(battle => Length(battle) <= MaxCharacters).OrderBy(Length).Take(rows)];
        var count = Math.Min(rows, candidates.Count);
        return [.. Enumerable.Range(0, count).Select(k => Anonymous(candidates[(int)((long)k * candidates.Count / count)]))];
    }

    public static async Task WriteAsync(string folder, IJudge judge, Battle[] battles, CancellationToken cancellationToken)
    {
        var preferences = await judge.JudgeAsync(battles, progress: null, cancellationToken).ConfigureAwait(false);
        var stream = File.Create(Path.Combine(folder, FileName));
        await using var closing = stream.ConfigureAwait(false);
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        for (var i = 0; i < battles.Length; i++)
        {
            buffer.ResetWrittenCount();
            writer.Reset();
            BattleJson.Write(writer, battles[i] with { SoftLabel = preferences[i] });
            writer.Flush();
            stream.Write(buffer.WrittenSpan);
            stream.WriteByte((byte)'\n');
        }
    }

    /// <summary>The battles, with the saved preferences as soft labels.</summary>
    public static List<Battle> Read(string folder, BundleManifest manifest)
    {
        var path = Bundle.Layout.CheckRowsOf(folder, manifest, FileName);
        return [.. File.ReadLines(path, Encoding.UTF8).Select(line => BattleJson.Read(Encoding.UTF8.GetBytes(line)))];
    }

    /// <exception cref="InputException">The judge no longer says what it said.</exception>
    public static async Task VerifyAsync(string folder, IJudge judge, BundleManifest manifest, CancellationToken cancellationToken)
    {
        var expected = Read(folder, manifest);
        var found = await judge.JudgeAsync(
            [.. expected.Select(battle => battle with { SoftLabel = null })], progress: null, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < expected.Count; i++)
        {
            var saved = expected[i].SoftLabel
                ?? throw new InputException($"{Path.Combine(folder, FileName)}, line {i + 1} has no preference. Train the judge again.");
            var difference = Math.Max(
                Math.Abs(saved.A - found[i].A), Math.Max(Math.Abs(saved.B - found[i].B), Math.Abs(saved.Tie - found[i].Tie)));
            if (!(difference <= manifest.CheckTolerance))
            {
                throw Bundle.Layout.NotReproduced(
                    folder,
                    manifest,
                    $"its preference for check row {i + 1} (battle {expected[i].Id}) differs by {difference:G3} " +
                    $"from the saved one, more than {manifest.CheckTolerance:G3}");
            }
        }
    }

    // The judge never sees models and verdicts, so the bundle need not carry them.
    private static Battle Anonymous(Battle battle) =>
        new()
        {
            Id = battle.Id,
            Turns = battle.Turns,
            Language = battle.Language,
            States = battle.States,
            Numbers = battle.Numbers,
        };

    /// <summary>Characters of all texts of a battle.</summary>
    public static long Length(Battle battle) =>
        battle.Turns.Sum(turn => (long)(turn.Prompt?.Length ?? 0) + (turn.ResponseA?.Length ?? 0) + (turn.ResponseB?.Length ?? 0));
}
