using System.Collections.Frozen;
using Tiebreak.Core;
using Tiebreak.Torch.Checkpoints.Pickles;
using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>
/// The weights in a Hugging Face folder or in one file: safetensors or PyTorch's own format, in one piece or in shards. Opening reads
/// headers only; weights stay on the disk, mapped into memory, until they are used.
/// </summary>
internal sealed class Checkpoint : IDisposable
{
    private readonly FrozenDictionary<string, MappedFile> _files;
    private readonly FrozenDictionary<string, TensorEntry> _entries;

    private Checkpoint(string path, FrozenDictionary<string, MappedFile> files, IEnumerable<TensorEntry> entries)
    {
        Path = path;
        _files = files;
        _entries = entries.ToFrozenDictionary(entry => entry.Name, StringComparer.Ordinal);
        Entries = [.. _entries.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    /// <summary>The file that was opened: weights or an index.</summary>
    public string Path { get; }

    /// <summary>All tensors, by name.</summary>
    public IReadOnlyList<TensorEntry> Entries { get; }

    /// <summary>The files that hold them.</summary>
    public IReadOnlyList<string> Files => [.. _files.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Opens the weights of a folder, or one file.</summary>
    /// <exception cref="InputException">There are none, or they are damaged; the message says which file and what to do.</exception>
    public static Checkpoint Open(string path)
    {
        if (Directory.Exists(path))
        {
            var files = WeightFiles.Find(path);
            if (files.Count > 1)
                return Of(files[0], OpenFiles(files));
            path = files[0];
        }

        if (!File.Exists(path))
            throw new InputException($"{path} is not there.");
        return CheckpointFiles.IsIndex(path) ? OpenShards(path) : Of(path, OpenFiles([path]));
    }

    /// <summary>True if a folder holds weights, be they whole or not.</summary>
    public static bool IsIn(string folder) => WeightFiles.IsIn(folder);

    /// <summary>
    /// The same files with a second name for a tensor: both stand for the same bytes. The files stay this checkpoint's, which must live as
    /// long and is the one to be disposed.
    /// </summary>
    /// <param name="name">A tensor that is there.</param>
    /// <param name="alias">The second name.</param>
    public Checkpoint WithAlias(string name, string alias) => new(Path, _files, [.. Entries, this[name] with { Name = alias }]);

    /// <summary>True if the files hold a tensor.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>The first size of a tensor; null where the files do not hold it, or it is a single number.</summary>
    public long? RowsOf(string name) => _entries.TryGetValue(name, out var entry) && entry.Shape is [var rows, ..] ? rows : null;

    /// <summary>What the files say about a tensor.</summary>
    /// <exception cref="InputException">They do not hold it.</exception>
    public TensorEntry this[string name] => _entries.TryGetValue(name, out var entry)
        ? entry
        : throw new InputException($"{Path} has no tensor {name}.");

    /// <summary>
    /// A tensor over the mapped file, without a copy: it must not be written to, and must not outlive the checkpoint.
    /// </summary>
    /// <param name="name">The tensor.</param>
    /// <exception cref="InputException">The files do not hold it.</exception>
    public torch.Tensor View(string name)
    {
        var entry = this[name];
        TorchRuntime.Start();
        var address = _files[entry.Path].Address(entry.Offset);
        return TensorOperators.FromMemory(address, [.. entry.Shape], [.. entry.Strides], entry.Type);
    }

    /// <summary>A tensor with memory of its own, row-major.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="type">The type to convert to; null keeps the stored one.</param>
    /// <param name="device">Where to put it; null is the CPU.</param>
    /// <exception cref="InputException">The files do not hold it.</exception>
    public torch.Tensor Load(string name, DType? type = null, torch.Device? device = null)
    {
        using var scope = torch.NewDisposeScope();
        var view = View(name);
        var target = (type ?? this[name].Type).ToScalarType();
        var loaded = view.to(target, device ?? torch.CPU, copy: true).contiguous();
        return loaded.MoveToOuterDisposeScope();
    }

    /// <summary>How the files differ from the tensors that a model needs.</summary>
    /// <param name="needed">Names and shapes.</param>
    public CheckpointDifference Compare(IReadOnlyDictionary<string, IReadOnlyList<long>> needed) =>
        CheckpointDifference.Between(Entries, needed);

    /// <summary>
    /// How many elements of a tensor are NaN or infinite. The whole tensor is read the first time; that there are none is remembered for as
    /// long as the process runs and the file has the same length and time of change.
    /// </summary>
    /// <param name="name">The tensor.</param>
    /// <exception cref="InputException">The files do not hold it.</exception>
    public long CountNonFinite(string name)
    {
        var entry = this[name];
        return FiniteTensors.CountOthers(entry, _files[entry.Path]);
    }

    /// <summary>Closes the files; views over them become invalid.</summary>
    public void Dispose()
    {
        foreach (var file in _files.Values)
            file.Dispose();
    }

    private static Checkpoint OpenShards(string index)
    {
        var folder = System.IO.Path.GetDirectoryName(index)!;
        var map = ShardIndex.Read(index);
        var paths = map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => System.IO.Path.Combine(folder, name)).ToArray();
        if (Array.Find(paths, path => !File.Exists(path)) is { } missing)
        {
            throw new InputException($"{missing} is missing, and {System.IO.Path.GetFileName(index)} names it: "
                + $"{paths.Count(File.Exists)} of {paths.Length} shards are there. Download it.");
        }

        var opened = OpenFiles(paths);
        foreach (var (name, file) in map)
        {
            if (opened.Entries.TryGetValue(name, out var entry)
                && string.Equals(System.IO.Path.GetFileName(entry.Path), file, StringComparison.Ordinal))
            {
                continue;
            }

            opened.Files.ForEach(mapped => mapped.Dispose());
            throw new InputException($"{index} places {name} in {file}, which does not hold it.");
        }

        return Of(index, opened);
    }

    private static Checkpoint Of(string path, OpenedFiles opened)
    {
        try
        {
            return new Checkpoint(
                path,
                opened.Files.ToFrozenDictionary(file => file.Path, StringComparer.Ordinal),
                WrappedNames.Strip(path, opened.Entries.Values));
        }
        catch
        {
            opened.Files.ForEach(file => file.Dispose());
            throw;
        }
    }

    private static OpenedFiles OpenFiles(IReadOnlyList<string> files)
    {
        var mapped = new List<MappedFile>();
        try
        {
            var entries = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
            foreach (var file in files)
            {
                ForeignContent.Refuse(file);
                var map = new MappedFile(file);
                mapped.Add(map);
                foreach (var entry in file.EndsWith(".safetensors", StringComparison.Ordinal)
                    ? SafetensorsHeader.Read(map)
                    : TorchFile.Read(map))
                {
                    if (!entries.TryAdd(entry.Name, entry))
                    {
                        throw new InputException(
                            $"{entry.Name} is in {entries[entry.Name].Path} and in {file}; one checkpoint holds a tensor once.");
                    }
                }
            }

            return new OpenedFiles(mapped, entries);
        }
        catch
        {
            mapped.ForEach(file => file.Dispose());
            throw;
        }
    }

    /// <summary>Files whose headers have been read, and their tensors by the names in the files.</summary>
    private sealed record OpenedFiles(List<MappedFile> Files, Dictionary<string, TensorEntry> Entries);
}
