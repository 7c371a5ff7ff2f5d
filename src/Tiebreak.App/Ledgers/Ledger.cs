using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Core.Metrics;

namespace Tiebreak.App.Ledgers;

/// <summary>
/// The local and leaderboard scores of everything that was handed in, and the line LB = a * CV + b through them. A file of JSON lines that
/// people may edit: <c>{"name":"gemma","cv":0.926,"lb":0.930,"note":"fold 0 only"}</c>.
/// </summary>
/// <param name="Entries">The entries, oldest first.</param>
public sealed record Ledger(IReadOnlyList<LedgerEntry> Entries)
{
    private const int MaxBytes = 16 << 20;
    private const int MaxText = 1000;

    /// <summary>A log loss that no judge with valid probabilities exceeds, nor falls below.</summary>
    private static readonly Interval Possible = new(0, 40);

    /// <summary>The line through all entries that have both scores; null where fewer than three have, or all have one CV.</summary>
    public LineFit? Fit => LineFit.Of([.. Entries.Where(entry => entry is { Cv: not null, Lb: not null })
        .Select(entry => (entry.Cv!.Value, entry.Lb!.Value))]);

    /// <summary>Reads a ledger; a file that does not exist is an empty one.</summary>
    /// <exception cref="InputException">The file cannot be read, or a line of it is not an entry.</exception>
    public static Ledger Read(string path)
    {
        if (!File.Exists(path))
            return new Ledger([]);

        string[] lines;
        try
        {
            if (FileSize.Of(path) > MaxBytes)
            {
                throw new InputException($"{path} is larger than {MaxBytes >> 20} MiB, which no ledger is. Give the right `file`.")
                {
                    Parameters = ["file"],
                };
            }

            lines = File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The ledger {path} cannot be read: {exception.Message}", exception);
        }

        var ledger = new Ledger([]);
        for (var i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
                continue;

            var entry = Parse(lines[i], $"{path}, line {i + 1}");
            if (ledger.Entries.Any(other => string.Equals(other.Name, entry.Name, StringComparison.Ordinal)))
            {
                throw new InputException(
                    $"{path}, line {i + 1}: the name \"{entry.Name}\" stands there a second time. Remove one of the lines.");
            }

            ledger = new Ledger([.. ledger.Entries, entry]);
        }

        return ledger;
    }

    /// <summary>Adds an entry. For a name that is there, scores and note that are given replace the old ones.</summary>
    /// <exception cref="InputException">The name is empty, a text is too long, or a score is no log loss.</exception>
    public Ledger With(LedgerEntry entry)
    {
        Validate(entry, "The entry");
        return Entries.Any(other => string.Equals(other.Name, entry.Name, StringComparison.Ordinal))
            ? new Ledger(
                [.. Entries.Select(other => string.Equals(other.Name, entry.Name, StringComparison.Ordinal) ? Merge(other, entry) : other)])
            : new Ledger([.. Entries, entry]);
    }

    /// <summary>Writes the ledger, whole or not at all.</summary>
    /// <exception cref="TiebreakException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream =>
    {
        foreach (var entry in Entries)
        {
            JsonSerializer.Serialize(stream, entry, LedgerJson.Default.LedgerEntry);
            stream.WriteByte((byte)'\n');
        }
    });

    private static LedgerEntry Merge(LedgerEntry old, LedgerEntry entry) =>
        old with { Cv = entry.Cv ?? old.Cv, Lb = entry.Lb ?? old.Lb, Note = entry.Note ?? old.Note };

    private static LedgerEntry Parse(string line, string place)
    {
        try
        {
            var entry = JsonSerializer.Deserialize(line, LedgerJson.Default.LedgerEntry)
                ?? throw new InputException($"{place} is null instead of an entry. Remove it.");
            Validate(entry, place);
            return entry;
        }
        catch (JsonException exception)
        {
            throw new InputException(
                $"{place} is not an entry of a ledger, such as {{\"name\":\"mine\",\"cv\":0.93,\"lb\":0.94}}: {exception.Message}",
                exception);
        }
    }

    private static void Validate(LedgerEntry entry, string place)
    {
        if (string.IsNullOrWhiteSpace(entry.Name))
            throw new InputException($"{place} has no name. Give it one.");
        if (entry.Name.Length > MaxText || entry.Note?.Length > MaxText)
            throw new InputException($"{place} has a name or a note of more than {MaxText} characters. Shorten it.");
        foreach (var score in new[] { entry.Cv, entry.Lb })
        {
            if (score is { } value && !(value > Possible.Lower && value < Possible.Upper))
            {
                throw new InputException($"{place} has the score {value}, which is no log loss: give a number above {Possible.Lower} and "
                    + $"below {Possible.Upper}.");
            }
        }
    }
}
