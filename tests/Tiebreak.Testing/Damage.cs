using System.Text;

namespace Tiebreak.Testing;

/// <summary>One thing that goes wrong with the bytes of a file: some are exchanged, dropped, repeated or put between.</summary>
/// <param name="Kind">0 to 4: put a byte between, exchange one, drop some, repeat some, put a piece of syntax between.</param>
/// <param name="Place">Where; taken modulo the length.</param>
/// <param name="Value">The byte, or how many, or which piece.</param>
public readonly record struct Damage(int Kind, int Place, byte Value)
{
    /// <summary>Kinds are below this number.</summary>
    public const int Kinds = 5;

    private static readonly byte[][] Pieces = [.. new[]
    {
        "\"", "\"\"", "\\\"", "\\u", "\\ud83d", "\\", ",", "\n", "\r", "\r\n", "[", "]", "{", "}", "[[[[[[[[", "null", "[null]", ":",
        "\"id\":", "1e999", "-", "NaN", "\0", "é", "😀", "\uFEFF", " ", "\t", "&a ", "*a", "#", "'",
    }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>A damaged copy.</summary>
    public static byte[] Apply(ReadOnlySpan<byte> file, params ReadOnlySpan<Damage> damages)
    {
        var bytes = new List<byte>(file.Length + 64);
        bytes.AddRange(file);
        foreach (var damage in damages)
            damage.Apply(bytes);
        return [.. bytes];
    }

    private void Apply(List<byte> bytes)
    {
        var at = Place % (bytes.Count + 1);
        var run = Math.Min(1 + (Value % 64), bytes.Count - at);
        switch (Kind)
        {
            case 0: bytes.Insert(at, Value); break;
            case 1 when at < bytes.Count: bytes[at] = Value; break;
            case 2: bytes.RemoveRange(at, Math.Min(run, 8)); break;
            case 3: bytes.InsertRange(at, bytes.GetRange(at, run)); break;
            case 4: bytes.InsertRange(at, Pieces[Value % Pieces.Length]); break;
        }
    }
}
