using System.Globalization;
using System.Text.RegularExpressions;
using Tiebreak.Core;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>
/// Finds the weights in a folder: under the usual names, as shards whose index is missing, or as the only file of its kind. A folder that
/// holds them in a form that is not read is told what it is.
/// </summary>
internal static partial class WeightFiles
{
    // What other programs write, and how to get from there to weights that can be read. The first that is there is named.
    private static readonly (string Pattern, string Advice)[] Others =
    [
        ("zero_to_fp32.py", "it is a checkpoint of DeepSpeed: run its zero_to_fp32.py, which writes the weights into one file"),
        ("global_step*", "it is a checkpoint of DeepSpeed: convert it with zero_to_fp32.py, which DeepSpeed brings"),
        ("*.distcp", "it is a sharded checkpoint of FSDP: merge it with `accelerate merge-weights`"),
        ("pytorch_model_fsdp_0", "it is a sharded checkpoint of FSDP: merge it with `accelerate merge-weights`"),
        ("consolidated*", "it holds weights under their makers' own names (consolidated): get those that are converted for transformers"),
        ("*.gguf", "it holds a GGUF file, which Tiebreak does not read: get the safetensors that it was made of"),
        ("tf_model.h5", "it holds weights of TensorFlow, which Tiebreak does not read: get the safetensors"),
        ("flax_model.msgpack", "it holds weights of Flax, which Tiebreak does not read: get the safetensors"),
        ("*.onnx", "it holds an ONNX file, which is no checkpoint: get the safetensors"),
    ];

    private static readonly string[] Kinds = ["*.safetensors", "*.bin"];

    /// <summary>The files to read together; the first stands for all of them in messages.</summary>
    /// <param name="folder">A folder.</param>
    /// <exception cref="InputException">There are none; the message says what the folder holds instead.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        if (CheckpointFiles.Weights.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } usual)
            return [usual];

        foreach (var kind in Kinds)
        {
            string[] files = [.. Directory.GetFiles(folder, kind).Order(StringComparer.Ordinal)];
            string[] shards = [.. files.Where(file => Shard().IsMatch(Path.GetFileName(file)))];
            if (shards.Length > 0)
                return Whole(shards);

            // GPTQ and AWQ once named the file after their settings. The Trainer's own arguments are a .bin as well.
            string[] whole = [.. files.Where(IsWeights)];
            if (whole.Length == 1)
                return whole;
        }

        var other = Others.FirstOrDefault(other => Directory.EnumerateFileSystemEntries(folder, other.Pattern).Any());
        throw new InputException($"{folder} holds no weights that Tiebreak reads"
            + (other.Advice is { } advice ? $"; {advice}." : $"; expected one of {string.Join(", ", CheckpointFiles.Weights)}."));
    }

    /// <summary>True if a folder holds weights, be they whole or not.</summary>
    public static bool IsIn(string folder) => Kinds.SelectMany(kind => Directory.EnumerateFiles(folder, kind)).Any(IsWeights)
        || CheckpointFiles.Weights.Any(name => File.Exists(Path.Combine(folder, name)));

    private static string[] Whole(string[] shards)
    {
        var count = int.Parse(Shard().Match(Path.GetFileName(shards[0])).Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
        return shards.Length == count
            ? shards
            : throw new InputException($"{Path.GetFileName(shards[0])} is there, but neither its index nor all of its shards: "
                + $"{shards.Length} of {count} are in {Path.GetDirectoryName(shards[0])}. Download the others.");
    }

    private static bool IsWeights(string path)
    {
        var name = Path.GetFileName(path);
        return !name.StartsWith("consolidated", StringComparison.Ordinal) && name is not ("training_args.bin" or "optimizer.bin"
            or "scheduler.bin");
    }

    [GeneratedRegex(
        @"\A.+-(?<number>\d{5})-of-(?<count>\d{5})\.[a-z]+\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Shard();
}
