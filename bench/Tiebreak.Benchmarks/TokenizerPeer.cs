using System.Diagnostics;
using System.Text.Json;

namespace Tiebreak.Benchmarks;

/// <summary>A reference tokenizer in a process of its own.</summary>
/// <param name="Name">tiktoken, gpt-tokenizer, tokenizers (all for Node.js) or sentencepiece (Python).</param>
/// <param name="Tokenizer">The name of an encoding, or a file in the family's folder.</param>
internal sealed record TokenizerPeer(string Name, string Tokenizer)
{
    /// <summary>Tokenises a text; best of three.</summary>
    public (double Seconds, long Tokens) Run(string folder, string modules, string text)
    {
        var file = Path.Combine(folder, Tokenizer);
        var tokenizer = File.Exists(file) ? file : Tokenizer;
        var scripts = Path.Combine(CompareRead.Repository(), "bench", "reference");
        var start = Name is "sentencepiece"
            ? new ProcessStartInfo("/usr/bin/python3", [Path.Combine(scripts, "tokenize_sentencepiece.py"), tokenizer, text])
            : new ProcessStartInfo("node", [Path.Combine(scripts, "tokenize.mjs"), modules, Name, tokenizer, text]);
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Name} failed for {tokenizer}.");
        using var json = JsonDocument.Parse(output);
        return (
            json.RootElement.GetProperty("seconds").EnumerateArray().Min(run => run.GetDouble()),
            json.RootElement.GetProperty("tokens").GetInt64());
    }
}
