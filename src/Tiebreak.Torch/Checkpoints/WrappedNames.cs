using Tiebreak.Core;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>
/// Names of tensors as training wrappers write them. PyTorch's wrappers are modules around the model, and their names become part of every
/// name when the wrapped model's state is saved: DistributedDataParallel before all names, the others wherever they stand.
/// </summary>
internal static class WrappedNames
{
    private const string DataParallel = "module.";

    // torch.compile, FullyShardedDataParallel, activation checkpointing.
    private static readonly string[] Wrappers = ["_orig_mod.", "_fsdp_wrapped_module.", "_checkpoint_wrapped_module."];

    /// <summary>The tensors by the names that they have in the model itself.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="entries">The tensors as they are stored.</param>
    /// <exception cref="InputException">Two tensors would have one name.</exception>
    public static IReadOnlyCollection<TensorEntry> Strip(string path, IReadOnlyCollection<TensorEntry> entries)
    {
        var isParallel = entries.All(entry => Inner(entry.Name).StartsWith(DataParallel, StringComparison.Ordinal));
        var names = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. entries.Select(entry =>
            {
                var name = Inner(entry.Name);
                if (isParallel)
                    name = name[DataParallel.Length..];
                return names.Add(name)
                    ? entry with { Name = name }
                    : throw new InputException($"{path} holds {name} twice, with and without the name of a wrapper ({entry.Name}).");
            }),
        ];
    }

    private static string Inner(string name) =>
        Wrappers.Aggregate(name, (inner, wrapper) => inner.Replace(wrapper, "", StringComparison.Ordinal));
}
