using System.Collections.Frozen;

namespace Tiebreak.Torch.Checkpoints.Pickles;

/// <summary>
/// The few names that torch.save writes for a dictionary of tensors, and what each builds here. Nothing is looked up or run; any other name
/// is refused, because in Python a pickle may name any function and have it called.
/// </summary>
internal static class PickleGlobals
{
    private static readonly FrozenDictionary<string, DType> Storages = new Dictionary<string, DType>(StringComparer.Ordinal)
    {
        ["torch DoubleStorage"] = DType.Float64,
        ["torch FloatStorage"] = DType.Float32,
        ["torch HalfStorage"] = DType.Float16,
        ["torch BFloat16Storage"] = DType.BFloat16,
        ["torch LongStorage"] = DType.Int64,
        ["torch IntStorage"] = DType.Int32,
        ["torch ShortStorage"] = DType.Int16,
        ["torch CharStorage"] = DType.Int8,
        ["torch ByteStorage"] = DType.UInt8,
        ["torch BoolStorage"] = DType.Bool,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Func<object?[], object?>> Builders =
        new Dictionary<string, Func<object?[], object?>>(StringComparer.Ordinal)
        {
            ["collections OrderedDict"] = OrderedDictionary,
            ["torch._utils _rebuild_tensor_v2"] = Tensor,
            ["torch._utils _rebuild_parameter"] = arguments => arguments is [PickledTensor tensor, ..]
                ? tensor
                : throw new PickleException("a parameter that is no tensor"),
            ["torch Size"] = arguments => arguments is [object?[] sizes] ? sizes : throw new PickleException("a size that is no list"),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What stands for a name: a type of storage or a builder.</summary>
    /// <exception cref="PickleException">The name is none of the known ones.</exception>
    public static object Find(string module, string name)
    {
        var full = $"{module} {name}";
        if (Storages.TryGetValue(full, out var type))
            return type;
        return Builders.TryGetValue(full, out var builder)
            ? builder
            : throw new PickleException($"it asks for {module}.{name}, which is no part of a dictionary of tensors; nothing was run");
    }

    private static object OrderedDictionary(object?[] arguments)
    {
        var dictionary = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (arguments is [List<object?> pairs])
        {
            foreach (var pair in pairs)
            {
                var (key, value) = pair switch
                {
                    List<object?> { Count: 2 } list => (list[0], list[1]),
                    object?[] { Length: 2 } tuple => (tuple[0], tuple[1]),
                    _ => throw new PickleException("a dictionary made of something else than pairs"),
                };
                dictionary[key as string ?? throw new PickleException("a dictionary with keys that are no names")] = value;
            }
        }

        return dictionary;
    }

    // storage, offset, size, stride, requires_grad, backward_hooks[, metadata]
    private static object Tensor(object?[] arguments)
    {
        if (arguments is not [PickledStorage storage, long offset, object?[] sizes, object?[] steps, ..] || sizes.Length != steps.Length)
            throw new PickleException("a tensor without storage, offset, size and stride");
        var (shape, strides) = (Numbers(sizes), Numbers(steps));
        if (TensorEntry.CheckedCount(shape) is not { } count)
            throw new PickleException($"a tensor of the impossible shape [{string.Join(", ", shape)}]");
        if (count > 0 && !IsInside(storage.Count, offset, shape, strides))
        {
            throw new PickleException(
                $"a tensor of shape [{string.Join(", ", shape)}] at {offset} that is not inside its storage of {storage.Count} elements");
        }

        return new PickledTensor(storage, count > 0 ? offset : 0, shape, strides);
    }

    private static bool IsInside(long storage, long offset, long[] shape, long[] strides)
    {
        if (offset < 0 || offset >= storage)
            return false;
        var last = offset;
        for (var i = 0; i < shape.Length; i++)
        {
            // Written so that nothing overflows: what is left of the storage bounds each dimension.
            if (strides[i] < 0 || (shape[i] > 1 && strides[i] > (storage - 1 - last) / (shape[i] - 1)))
                return false;
            last += (shape[i] - 1) * (shape[i] > 1 ? strides[i] : 0);
        }

        return last < storage;
    }

    private static long[] Numbers(object?[] values) =>
        Array.ConvertAll(values, value => value is long number ? number : throw new PickleException("a size that is no whole number"));
}

/// <summary>A tensor as a pickle describes it; sizes and strides have been checked against the storage.</summary>
/// <param name="Storage">The block of numbers that it lies in.</param>
/// <param name="Offset">Its first element in the storage, in elements.</param>
/// <param name="Shape">Sizes of the dimensions.</param>
/// <param name="Strides">Steps between elements of each dimension, in elements.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);
