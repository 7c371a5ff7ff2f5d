using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Embeddings;

namespace Tiebreak.Transformers.Export;

/// <summary>
/// Writes a folder in Hugging Face's layout beside the one that it came from: configuration, tokenizer, weights. Whole or not at all.
/// </summary>
internal static class CheckpointFolder
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // What belongs to the tokenizer, to generation, to embedding and to the licence, and what people are told; weights and the
    // configuration are written anew.
    private static readonly string[] Copied =
    [
        .. SentenceSettings.Files, "README.md",
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tokenizer.model",
        "spm.model", "sentencepiece.bpe.model",
        "vocab.json", "vocab.txt", "merges.txt", "chat_template.json", "chat_template.jinja", "generation_config.json",
        "LICENSE", "LICENSE.txt", "LICENSE.md",
    ];

    /// <summary>The configuration of a folder, to change it.</summary>
    public static JsonObject ReadConfig(string folder) =>
        JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json")))!.AsObject();

    /// <summary>Writes the folder.</summary>
    /// <param name="target">The new folder.</param>
    /// <param name="source">The folder that it comes from.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="tensors">Its weights.</param>
    /// <param name="tokenizer">The folder of its tokenizer, where that is not the source's; null: it is.</param>
    /// <exception cref="InputException">The target is the source, or holds something else than a checkpoint.</exception>
    /// <exception cref="TiebreakException">The disk is full or the place cannot be written.</exception>
    public static Task WriteAsync(
        string target, string source, JsonObject config, IReadOnlyList<PendingTensor> tensors, string? tokenizer = null)
    {
        Check(target, source);
        return AtomicFolder.WriteAsync(target, folder =>
        {
            foreach (var file in Copied)
            {
                var from = Path.Combine(tokenizer is not null && CheckpointFiles.IsTokenizer(file) ? tokenizer : source, file);
                if (!File.Exists(from))
                    continue;
                var copy = Path.Combine(folder, file);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(from, copy);
            }

            File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString(Readable) + "\n");
            ShardedWriter.Write(folder, tensors);
            return Task.CompletedTask;
        });
    }

    /// <summary>Refuses a target that would be lost: the source itself, or a folder with other things.</summary>
    public static void Check(string target, string source)
    {
        if (string.Equals(Path.GetFullPath(target).TrimEnd('/'), Path.GetFullPath(source).TrimEnd('/'), StringComparison.Ordinal))
            throw Occupied($"`out` {target} is the model's own folder; give another one.");
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()
            && !File.Exists(Path.Combine(target, "config.json"))))
        {
            throw Occupied($"`out` {target} holds something else than a checkpoint; give a new folder.");
        }

        static InputException Occupied(string message) => new(message) { Code = ErrorCodes.TargetExists, Parameters = ["out"] };
    }
}
