using System.IO.Compression;
using System.Text;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests;

/// <summary>A temporary folder with short ways to write and read battle files.</summary>
public sealed class DataFolder : IDisposable
{
    public const string TrainHeader = "id,model_a,model_b,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie\n";
    public const string TestHeader = "id,prompt,response_a,response_b\n";
    public const string TrainRow = """
        1,x,y,"[""p""]","[""a""]","[""b""]",1,0,0

        """;

    public static readonly BattleReadOptions Train = new() { Threads = 2 };
    public static readonly BattleReadOptions Test = Train with { Purpose = BattlePurpose.Test };

    private readonly TemporaryFolder _folder = new();

    public string this[string name] => _folder[name];

    public string Write(string content) => _folder.Write("file.csv", content);

    public string Write(byte[] content, string name = "file.csv")
    {
        File.WriteAllBytes(_folder[name], content);
        return _folder[name];
    }

    public static byte[] Gzip(string text)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return stream.ToArray();
    }

    /// <summary>A training row without models' names.</summary>
    public static string Row(string id, string prompt, string a, string b, string label = "1,0,0") =>
        $"{id},x,y,{Cell(prompt)},{Cell(a)},{Cell(b)},{label}\n";

    public static string Cell(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public void Dispose() => _folder.Dispose();
}
