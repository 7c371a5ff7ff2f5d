using System.Runtime.InteropServices;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// Vectors of the opening prompts of battles, kept with the index: which battles are about each prompt, and its vector as soon as an
/// embedder has made it. They belong to one embedder; those of another are thrown away.
/// </summary>
/// <param name="database">The database.</param>
internal sealed class MeaningTable(IndexDatabase database)
{
    private const string Prompts = "meaning_prompts";
    private const string Vectors = "meaning_vectors";
    private const int ReadTogether = 4_096;

    /// <summary>Of each prompt the battles that it opens, in order; null where nothing is kept under a key.</summary>
    /// <param name="key">What tells the embedder from others.</param>
    public List<int[]>? TryRead(string key)
    {
        database.Execute("CREATE TABLE IF NOT EXISTS meanings (key VARCHAR)");
        if (database.Ask("SELECT key FROM meanings", [], row => row.GetString(0)) is not [var kept]
            || !string.Equals(kept, key, StringComparison.Ordinal))
        {
            return null;
        }

        var (prompts, numbers, place) = (new List<int[]>(), new List<int>(), 0);
        foreach (var (prompt, number) in database.Ask(
            $"SELECT prompt, number FROM {Prompts} ORDER BY prompt, number", [], row => (row.GetInt32(0), row.GetInt32(1))))
        {
            if (prompt != place)
                Add(prompt);
            numbers.Add(number);
        }

        if (numbers.Count > 0)
            Add(place + 1);
        return prompts;

        void Add(int next)
        {
            prompts.Add([.. numbers]);
            numbers.Clear();
            place = next;
        }
    }

    /// <summary>Keeps the prompts of an embedder, and throws away what there is of another.</summary>
    public void Begin(string key, IReadOnlyList<int[]> prompts)
    {
        database.Execute(
            $"CREATE OR REPLACE TABLE meanings (key VARCHAR); CREATE OR REPLACE TABLE {Prompts} (prompt INTEGER, number INTEGER); "
            + $"CREATE OR REPLACE TABLE {Vectors} (prompt INTEGER, vector BLOB)");
        database.Append(Prompts, table =>
        {
            foreach (var (prompt, numbers) in prompts.Index())
            {
                foreach (var number in numbers)
                    table.CreateRow().AppendValue(prompt).AppendValue(number).EndRow();
            }
        });
        database.Ask("INSERT INTO meanings VALUES (?)", [key], _ => 0); // last: without it the rest counts nothing
    }

    /// <summary>Reads the vectors that are kept, in the order of the prompts.</summary>
    /// <param name="take">Takes the bytes of one.</param>
    public void Read(Action<ReadOnlySpan<byte>> take)
    {
        for (int first = 0, read = ReadTogether; read == ReadTogether; first += ReadTogether)
        {
            read = database.Ask(
                $"SELECT vector FROM {Vectors} WHERE prompt >= ? AND prompt < ? ORDER BY prompt", [first, first + ReadTogether], row =>
                {
                    using var stream = row.GetStream(0);
                    var bytes = new byte[stream.Length];
                    stream.ReadExactly(bytes);
                    take(bytes);
                    return 0;
                }).Count;
        }
    }

    /// <summary>Keeps the vectors of the next prompts, all of them or none.</summary>
    /// <param name="first">The first of the prompts.</param>
    /// <param name="vectors">Their vectors.</param>
    public void Append(int first, IReadOnlyList<float[]> vectors) => database.Append(Vectors, table =>
    {
        foreach (var (i, vector) in vectors.Index())
            table.CreateRow().AppendValue(first + i).AppendValue(MemoryMarshal.AsBytes(vector.AsSpan())).EndRow();
    });
}
