using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Torch.Checkpoints;

namespace Tiebreak.Transformers.Judges.Bundling;

/// <summary>The model that a bundle stands on: one that it does not hold, or one of its own, whose weights were trained for it.</summary>
/// <param name="Path">
/// Its folder when the judge was saved; of a model of the bundle's own the same as <paramref name="RelativePath"/>.
/// </param>
/// <param name="RelativePath">The same, seen from the bundle: both may move together.</param>
/// <param name="Files">Its configuration and weights.</param>
internal sealed record BaseModel(string Path, string RelativePath, IReadOnlyList<BaseModelFile> Files)
{
    /// <summary>Folders in which base models are looked for that are no longer where they were.</summary>
    public const string Variable = "TIEBREAK_MODELS";

    private static readonly string[] Settings = ["config.json", "quantize_config.json", "quant_config.json"];

    /// <summary>Describes a model for a bundle.</summary>
    public static BaseModel Of(string folder, string bundle) =>
        new(folder, System.IO.Path.GetRelativePath(System.IO.Path.GetFullPath(bundle), folder), FilesOf(folder));

    /// <summary>Describes a model that the bundle holds itself.</summary>
    /// <param name="bundle">The bundle's folder, with the model in it.</param>
    /// <param name="name">The model's folder in it.</param>
    public static BaseModel Inside(string bundle, string name) => new(name, name, FilesOf(System.IO.Path.Combine(bundle, name)));

    /// <summary>Finds the model: where it was, beside the bundle, or in the folders of <see cref="Variable"/>.</summary>
    /// <param name="bundle">The bundle's folder.</param>
    /// <exception cref="InputException">It is nowhere, or what is there is another model.</exception>
    public string Locate(string bundle)
    {
        string? other = null;
        foreach (var folder in Places(bundle).Where(Directory.Exists))
        {
            if (Difference(folder) is not { } difference)
                return folder;
            other ??= difference;
        }

        throw new InputException(other is null
            ? $"The judge in {bundle} stands on the model {Path}, which is not there. "
                + $"Put it back, or set {Variable} to the folder that holds {Name}."
            : $"The judge in {bundle} was made with another model than is there now: {other}. Restore {Name}, set {Variable} to the folder "
                + "that holds the right one, or train the judge again.");
    }

    /// <summary>Refuses a model whose weights alone take more memory than there is, before anything is loaded.</summary>
    /// <param name="memoryBytes">The memory; null for no limit.</param>
    /// <exception cref="InputException">They do.</exception>
    public void ThrowIfLarger(long? memoryBytes)
    {
        var bytes = Files.Sum(file => file.Bytes);
        if (bytes > memoryBytes)
        {
            throw new InputException(
                $"The model {Name} has {bytes:N0} bytes of weights, more than the {memoryBytes:N0} bytes that it may use.");
        }
    }

    private string Name => System.IO.Path.GetFileName(Path);

    private static BaseModelFile[] FilesOf(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var paths = Settings.Select(name => System.IO.Path.Combine(folder, name)).Where(File.Exists)
            .Append(checkpoint.Path).Concat(checkpoint.Files);
        return [.. paths.Distinct(StringComparer.Ordinal).Select(BaseModelFile.Of)];
    }

    private IEnumerable<string> Places(string bundle)
    {
        if (System.IO.Path.IsPathRooted(Path))
            yield return Path;
        yield return System.IO.Path.GetFullPath(System.IO.Path.Combine(bundle, RelativePath));
        foreach (var folder in (Environment.GetEnvironmentVariable(Variable) ?? "")
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, Name));
            yield return System.IO.Path.GetFullPath(folder);
        }
    }

    private string? Difference(string folder)
    {
        foreach (var file in Files)
        {
            var path = System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file.Name));
            if (!File.Exists(path))
                return $"{path} is missing";
            var length = FileSize.Of(path);
            if (length != file.Bytes)
                return $"{path} has {length} bytes instead of {file.Bytes}";
            if (BaseModelFile.Of(path) != file)
                return $"{path} has other content";
        }

        return null;
    }
}
