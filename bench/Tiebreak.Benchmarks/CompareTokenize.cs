using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Tiebreak.Tokenization;
using Tiebreak.Tokenization.Formats;

namespace Tiebreak.Benchmarks;

/// <summary>
/// The table of <c>bench/results/CPU/tokenize.md</c>: a generated multilingual text, tokenised by Tiebreak and by the family's references
/// in the same run. Documents of 4,096 characters or a little more, one thread, best of three; token counts must agree.
/// </summary>
internal static class CompareTokenize
{
    private const int TextBytes = 6_000_000;
    private const int Runs = 3;

    private static readonly int[] Lengths = [1, 2, 4, 8];

    private static readonly TokenizerPeer Rust = new("tokenizers", "tokenizer.json");

    private static readonly (string Family, string File, TokenizerPeer[] Peers)[] Families =
    [
        ("cl100k_base", "cl100k_base.tiktoken", [new("tiktoken", "cl100k_base"), new("gpt-tokenizer", "cl100k_base")]),
        ("o200k_base", "o200k_base.tiktoken", [new("tiktoken", "o200k_base"), new("gpt-tokenizer", "o200k_base")]),
        ("gpt2", "", [new("tiktoken", "gpt2")]),
        ("llama-3", "", [Rust, new("tiktoken", "tokenizer.model")]),
        ("qwen2.5", "", [Rust]),
        ("mistral-nemo", "", [Rust]),
        ("roberta-base", "", [Rust]),
        ("gemma-2", "", [Rust]),
        ("llama-2", "", [Rust, new("sentencepiece", "tokenizer.model")]),
        ("phi-3", "", [Rust]),
        ("mistral-v1", "", [Rust, new("sentencepiece", "tokenizer.model")]),
        ("mistral-v3", "", [Rust]),
        ("deberta-v3", "", [Rust]),
        ("deberta-v3", "spm.model", [new("sentencepiece", "spm.model")]),
        ("bert-base-uncased", "", [Rust]),
    ];

    /// <summary>
    /// Options: the folder of the families, then the node_modules with the peers (empty: only Tiebreak is measured), then names of
    /// families.
    /// </summary>
    public static int Run(string[] options)
    {
        var text = new SyntheticMarkdown(seed: 1).Make(TextBytes);
        var file = Path.Combine(Path.GetTempPath(), $"tiebreak-bench-{Guid.NewGuid():N}.txt");
        File.WriteAllText(file, text);
        try
        {
            var megabytes = Encoding.UTF8.GetByteCount(text) / 1e6;
            var documents = Cut(text);
            Console.Write(Head(megabytes, documents.Count));
            foreach (var row in Families.Where(row => options.Length < 3 || Array.IndexOf(options, row.Family) >= 2))
                Console.WriteLine(Measure(row, options, file, documents, megabytes));
            return 0;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Nanoseconds a byte for texts of one letter and of random letters, which are one piece each for most models.</summary>
    public static int MeasureLengths(string folder, string[] families)
    {
        var random = new Random(1);
        Console.WriteLine("| family | text | 1 MB | 2 MB | 4 MB | 8 MB |\n|---|---|---|---|---|---|");
        foreach (var (family, file, _) in Families.Where(row => families.Length == 0 || families.Contains(row.Family)))
        {
            var tokenizer = TokenizerFile.Open(Path.Combine(folder, family, file));
            foreach (var (name, letter) in new[]
            {
                ("one letter", (Func<char>)(() => 'a')),
                ("random letters", () => (char)('a' + random.Next(26))),
            })
            {
                var cells = Lengths.Select(size => NanosecondsAByte(tokenizer, string.Create(size * 1_000_000, letter, (span, next) =>
                {
                    foreach (ref var unit in span)
                        unit = next();
                })));
                Console.WriteLine($"| {Path.Combine(family, file).TrimEnd('/')} | {name} | {string.Join(" | ", cells)} |");
            }
        }

        return 0;
    }

    private static string NanosecondsAByte(Tokenizer tokenizer, string text)
    {
        var best = double.MaxValue;
        for (var run = 0; run < 2; run++)
        {
            var clock = Stopwatch.StartNew();
            tokenizer.Count(text);
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        return (best / text.Length * 1e9).ToString("0", CultureInfo.InvariantCulture);
    }

    private static string Measure(
        (string Family, string File, TokenizerPeer[] Peers) row, string[] options, string file, List<string> documents, double megabytes)
    {
        var folder = Path.Combine(options[0], row.Family);
        var clock = Stopwatch.StartNew();
        var tokenizer = TokenizerFile.Open(Path.Combine(folder, row.File));
        var opening = clock.Elapsed.TotalSeconds;
        var (one, tokens, allocated) = Encode(tokenizer, documents, threads: 1);
        var (two, _, _) = Encode(tokenizer, documents, threads: 2);
        var (names, fastest, rust) = ("-", double.MaxValue, double.MaxValue);
        if (options.Length > 1 && options[1].Length > 0)
        {
            var measured = row.Peers.Select(peer => (Peer: peer, Result: peer.Run(folder, options[1], file))).ToArray();
            foreach (var (peer, result) in measured.Where(peer => peer.Result.Tokens != tokens))
                throw new InvalidOperationException($"{row.Family}: {tokens} tokens against {result.Tokens} of {peer.Name}.");
            names = string.Join(", ", measured.Select(peer =>
                string.Create(CultureInfo.InvariantCulture, $"{peer.Peer.Name} {megabytes / peer.Result.Seconds:0.0}")));
            fastest = measured.Min(peer => peer.Result.Seconds);
            rust = measured.Where(peer => peer.Peer == Rust).Select(peer => peer.Result.Seconds).FirstOrDefault(double.MaxValue);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {Path.Combine(row.Family, row.File).TrimEnd('/')} | {names} | {megabytes / one:0.0} | {Times(fastest, one)} | "
                + $"{Times(rust, one)} | {megabytes / two:0.0} | {one / two:0.00}x | "
                + $"{(double)allocated / tokens:0.00} | {opening:0.00} s |");
    }

    private static string Times(double peer, double own) =>
        peer == double.MaxValue ? "-" : string.Create(CultureInfo.InvariantCulture, $"{peer / own:0.0}x");

    private static (double Seconds, long Tokens, long Allocated) Encode(Tokenizer tokenizer, List<string> documents, int threads)
    {
        var best = double.MaxValue;
        var (tokens, allocated) = (0L, 0L);
        for (var run = 0; run < Runs; run++)
        {
            tokens = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
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
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return (best, tokens, allocated);
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
        tiktoken 1.0.22 (WebAssembly of its Rust core), gpt-tokenizer 4.0.0 (JavaScript), tokenizers 0.23.2 (Hugging Face's Rust, native) and sentencepiece 0.1.97
        (C++), one thread, in the same run; token counts agree.
        {CompareTable.Cpu()}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSArchitecture}, {DateTime.UtcNow:yyyy-MM-dd}.
        Made by `dotnet run -c Release --project bench/Tiebreak.Benchmarks -- compare-tokenize FAMILIES NODE_MODULES`.

        | family | peers, MB/s | Tiebreak, MB/s | times the fastest | times Hugging Face's Rust | two threads, MB/s | of two threads to one | bytes allocated per token | opening |
        |---|---|---|---|---|---|---|---|---|

        """);
}
