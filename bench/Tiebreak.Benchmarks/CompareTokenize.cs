using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Formats;

namespace Tiebreak.Benchmarks;

/// <summary>
/// The table of <c>bench/results/CPU/tokenize.md</c>: a generated multilingual text, tokenised by Tiebreak and by the family's reference in the same
/// run. Documents of 4,096 characters or a little more, one thread, best of three; token counts must agree.
/// </summary>
internal static class CompareTokenize
{
    private const int TextBytes = 8_000_000;
    private const int LetterBytes = 5_000_000;
    private const int Runs = 3;

    private static readonly (string Family, string File, string Peer, string PeerTokenizer)[] Families =
    [
        ("cl100k_base", "cl100k_base.tiktoken", "tiktoken", "cl100k_base"),
        ("o200k_base", "o200k_base.tiktoken", "tiktoken", "o200k_base"),
        ("gpt2", "", "tiktoken", "gpt2"),
        ("llama-3", "", "tokenizers", "tokenizer.json"),
        ("qwen2.5", "", "tokenizers", "tokenizer.json"),
        ("mistral-nemo", "", "tokenizers", "tokenizer.json"),
        ("roberta-base", "", "tokenizers", "tokenizer.json"),
        ("gemma-2", "", "tokenizers", "tokenizer.json"),
        ("llama-2", "", "tokenizers", "tokenizer.json"),
        ("phi-3", "", "tokenizers", "tokenizer.json"),
        ("mistral-v1", "", "tokenizers", "tokenizer.json"),
        ("mistral-v3", "", "tokenizers", "tokenizer.json"),
        ("deberta-v3", "", "tokenizers", "tokenizer.json"),
        ("deberta-v3", "spm.model", "", ""),
        ("bert-base-uncased", "", "tokenizers", "tokenizer.json"),
    ];

    /// <summary>Options: the folder of the families, then the node_modules with the peers (none: only Tiebreak is measured), then names of families.</summary>
    public static int Run(string[] options)
    {
        var text = new SyntheticMarkdown(seed: 1).Make(TextBytes);
        var file = Path.Combine(Path.GetTempPath(), $"tiebreak-bench-{Guid.NewGuid():N}.txt");
        File.WriteAllText(file, text);
        try
        {
            var megabytes = Encoding.UTF8.GetByteCount(text) / 1e6;
            var documents = Cut(text);
            var table = new StringBuilder(Head(megabytes, documents.Count));
            foreach (var row in Families.Where(row => options.Length < 3 || Array.IndexOf(options, row.Family) >= 2))
                table.Append(Measure(row, options, file, documents, megabytes)).Append('\n');
            Console.WriteLine(table);
            return 0;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Measure((string Family, string File, string Peer, string PeerTokenizer) row, string[] options, string file, List<string> documents, double megabytes)
    {
        var path = Path.Combine(options[0], row.Family, row.File);
        var clock = Stopwatch.StartNew();
        var tokenizer = TokenizerFile.Open(path);
        var opening = clock.Elapsed.TotalSeconds;
        var (one, tokens, allocated) = Encode(tokenizer, documents, threads: 1);
        var (two, _, _) = Encode(tokenizer, documents, threads: 2);
        clock.Restart();
        tokenizer.Count(new string('a', LetterBytes));
        var letters = LetterBytes / 1e6 / clock.Elapsed.TotalSeconds;
        var peer = row.Peer.Length > 0 && options.Length > 1 && options[1].Length > 0 ? RunPeer(row, options, file) : null;
        if (peer is { } reference && reference.Tokens != tokens)
            throw new InvalidOperationException($"{row.Family}: {tokens} tokens against {reference.Tokens} of the reference.");
        var against = peer is { } measured ? $"{row.Peer} | {megabytes / measured.Seconds:0.0} | {measured.Seconds / one:0.0}x" : "- | - | -";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {Path.Combine(row.Family, row.File).TrimEnd('/')} | {against} | {megabytes / one:0.0} | {megabytes / two:0.0} | {letters:0.0} | {(double)allocated / tokens:0.0} | {opening:0.00} s |");
    }

    private static (double Seconds, long Tokens, long Allocated) Encode(Tokenizer tokenizer, List<string> documents, int threads)
    {
        var best = double.MaxValue;
        var (tokens, allocated) = (0L, 0L);
        for (var run = 0; run < Runs; run++)
        {
            tokens = 0;
            var before = GC.GetTotalAllocatedBytes();
            var clock = Stopwatch.StartNew();
            if (threads == 1)
            {
                foreach (var document in documents)
                    tokens += tokenizer.Count(document, new EncodeOptions { ParseSpecial = true });
            }
            else
            {
                Parallel.ForEach(
                    documents, new ParallelOptions { MaxDegreeOfParallelism = threads },
                    document => Interlocked.Add(ref tokens, tokenizer.Count(document, new EncodeOptions { ParseSpecial = true })));
            }

            best = Math.Min(best, clock.Elapsed.TotalSeconds);
            allocated = GC.GetTotalAllocatedBytes() - before;
        }

        return (best, tokens, allocated);
    }

    private static (double Seconds, long Tokens)? RunPeer((string Family, string File, string Peer, string PeerTokenizer) row, string[] options, string file)
    {
        var tokenizer = row.Peer is "tokenizers" ? Path.Combine(options[0], row.Family, row.PeerTokenizer) : row.PeerTokenizer;
        var script = Path.Combine(CompareRead.Repository(), "bench", "reference", "tokenize.mjs");
        var start = new ProcessStartInfo("node", [script, options[1], row.Peer, tokenizer, file]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        using var json = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        return (json.RootElement.GetProperty("seconds").EnumerateArray().Min(run => run.GetDouble()), json.RootElement.GetProperty("tokens").GetInt64());
    }

    private static List<string> Cut(string text)
    {
        var documents = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = Math.Min(text.Length, at + 4096);
            while (end < text.Length && text[end] != '\n')
                end++;
            documents.Add(text[at..end]);
            at = end;
        }

        return documents;
    }

    private static string Head(double megabytes, int documents) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # Tokenising

        {megabytes:0.0} MB of generated markdown in twenty languages, {documents:N0} documents; MB/s of UTF-8, best of {Runs}, opening not counted. The peers are
        tiktoken 1.0.22 (WebAssembly of its Rust core) and tokenizers 0.23.2 (Rust, native), one thread, in the same run; token counts agree.
        {CompareTable.Cpu()}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSArchitecture}, {DateTime.UtcNow:yyyy-MM-dd}.
        Made by `dotnet run -c Release --project bench/Tiebreak.Benchmarks -- compare-tokenize FAMILIES NODE_MODULES`.

        | family | peer | peer MB/s | times the peer | Tiebreak MB/s | two threads | {LetterBytes / 1_000_000} MB of one letter, MB/s | bytes allocated per token | opening |
        |---|---|---|---|---|---|---|---|---|

        """);
}
