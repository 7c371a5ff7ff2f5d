using TorchSharp;

namespace Tiebreak.Torch.Operators;

/// <summary>
/// Operators of libtorch that TorchSharp 0.107.0 lacks or offers without options that matter. Gradients flow where libtorch has them.
/// </summary>
internal static class TensorOperators
{
    /// <summary>
    /// softmax(query keyᵀ scale + mask) value, fused; computed in float32 inside (https://arxiv.org/abs/2205.14135).
    /// </summary>
    /// <param name="query">[batch, heads, queries, head_dim].</param>
    /// <param name="key">
    /// [batch, key_heads, keys, head_dim]; key_heads divides heads where <paramref name="groupedQueries"/> is set.
    /// </param>
    /// <param name="value">[batch, key_heads, keys, value_dim].</param>
    /// <param name="mask">
    /// Added to the scores (float) or choosing them (bool, true takes part): broadcasts to [batch, heads, queries, keys].
    /// </param>
    /// <param name="causal">A query sees itself and the keys before it; excludes a mask.</param>
    /// <param name="scale">The factor on the scores; null is 1 / sqrt(head_dim).</param>
    /// <param name="groupedQueries">Several query heads share a key head (grouped-query attention).</param>
    /// <returns>[batch, heads, queries, value_dim].</returns>
    /// <exception cref="Core.TiebreakException">Shapes or types do not fit.</exception>
    public static torch.Tensor ScaledDotProductAttention(
        torch.Tensor query, torch.Tensor key, torch.Tensor value, torch.Tensor? mask = null, bool causal = false,
        double? scale = null, bool groupedQueries = false)
    {
        var call = new Dispatcher(stackalloc ulong[8]);
        call.Add(query);
        call.Add(key);
        call.Add(value);
        call.AddOptional(mask);
        call.Add(0.0); // dropout
        call.Add(causal);
        call.AddOptional(scale);
        call.Add(groupedQueries);
        return call.Call("aten::scaled_dot_product_attention\0"u8);
    }

    /// <summary>x / sqrt(mean(x²) + epsilon) * weight over the last dimension, fused (https://arxiv.org/abs/1910.07467).</summary>
    /// <param name="input">[..., width].</param>
    /// <param name="weight">[width], of the input's type.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <exception cref="Core.TiebreakException">Shapes or types do not fit.</exception>
    public static torch.Tensor RmsNorm(torch.Tensor input, torch.Tensor? weight, double epsilon)
    {
        var call = new Dispatcher(stackalloc ulong[4]);
        call.Add(input);
        call.Add([input.shape[^1]]);
        call.AddOptional(weight);
        call.AddOptional(epsilon);
        return call.Call("aten::rms_norm\0"u8);
    }

    /// <summary>The product of two int8 matrices, in int32.</summary>
    /// <param name="left">[rows, inner], int8.</param>
    /// <param name="right">[inner, columns], int8.</param>
    /// <returns>[rows, columns], int32.</returns>
    /// <exception cref="Core.TiebreakException">Shapes or types do not fit.</exception>
    public static torch.Tensor IntMatMul(torch.Tensor left, torch.Tensor right)
    {
        var call = new Dispatcher(stackalloc ulong[2]);
        call.Add(left);
        call.Add(right);
        return call.Call("aten::_int_mm\0"u8);
    }

    /// <summary>
    /// A tensor over memory that something else owns, without a copy. The memory must stay until the tensor and its views are gone.
    /// </summary>
    /// <param name="data">The first element.</param>
    /// <param name="shape">Sizes of the dimensions.</param>
    /// <param name="strides">Steps between elements of each dimension, in elements.</param>
    /// <param name="type">The type of the elements.</param>
    /// <exception cref="Core.TiebreakException">libtorch refuses.</exception>
    public static unsafe torch.Tensor FromMemory(IntPtr data, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, DType type)
    {
        const int cpu = 0;
        IntPtr handle;
        fixed (long* sizes = shape)
        fixed (long* steps = strides)
        {
            var code = LibTorchNative.FromBlob((void*)data, shape.Length, sizes, steps, 0, (int)type.ToScalarType(), cpu, 0, &handle);
            LibTorchNative.Check(code, "a tensor over memory");
        }

        return torch.Tensor.UnsafeCreateTensor(handle);
    }
}
