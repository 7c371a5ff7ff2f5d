using System.Collections.Frozen;
using TorchSharp;

namespace Tiebreak.Torch;

/// <summary>Sizes and names of element types.</summary>
public static class DTypes
{
    private static readonly FrozenDictionary<string, DType> BySafetensorsName =
        Enum.GetValues<DType>().ToFrozenDictionary(type => type.SafetensorsName(), StringComparer.Ordinal);

    /// <summary>The types that models are stored in and computed with, float32 first.</summary>
    public static IReadOnlyList<DType> OfModels { get; } = [DType.Float32, DType.BFloat16, DType.Float16];

    extension(DType type)
    {
        /// <summary>Bytes of one element.</summary>
        public int Size => type switch
        {
            DType.Float64 or DType.Int64 => 8,
            DType.Float32 or DType.Int32 => 4,
            DType.Float16 or DType.BFloat16 or DType.Int16 => 2,
            _ => 1,
        };

        /// <summary>True for types that are computed with and can hold NaN and infinities.</summary>
        public bool IsFloat => type is DType.Float64 or DType.Float32 or DType.Float16 or DType.BFloat16;

        /// <summary>The name in safetensors files: F32, BF16, I64 ...</summary>
        public string SafetensorsName() => type switch
        {
            DType.Float64 => "F64",
            DType.Float32 => "F32",
            DType.Float16 => "F16",
            DType.BFloat16 => "BF16",
            DType.Float8E4M3 => "F8_E4M3",
            DType.Int64 => "I64",
            DType.Int32 => "I32",
            DType.Int16 => "I16",
            DType.Int8 => "I8",
            DType.UInt8 => "U8",
            DType.Bool => "BOOL",
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };

        /// <summary>PyTorch's name, as configurations and options spell it: float32, bfloat16, int64 ...</summary>
        public string TorchName() => type is DType.Float8E4M3 ? "float8_e4m3fn" : type.ToString().ToLowerInvariant();

        /// <summary>TorchSharp's type.</summary>
        public torch.ScalarType ToScalarType() => type switch
        {
            DType.Float64 => torch.ScalarType.Float64,
            DType.Float32 => torch.ScalarType.Float32,
            DType.Float16 => torch.ScalarType.Float16,
            DType.BFloat16 => torch.ScalarType.BFloat16,
            DType.Int64 => torch.ScalarType.Int64,
            DType.Int32 => torch.ScalarType.Int32,
            DType.Int16 => torch.ScalarType.Int16,
            DType.Int8 => torch.ScalarType.Int8,
            DType.UInt8 or DType.Float8E4M3 => torch.ScalarType.Byte,
            DType.Bool => torch.ScalarType.Bool,
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    /// <summary>The type with a name of safetensors files, or null if it is none that is known here.</summary>
    public static DType? FromSafetensorsName(string name) => BySafetensorsName.TryGetValue(name, out var type) ? type : null;

    /// <summary>The type of <see cref="OfModels"/> with a name of PyTorch: float32, bfloat16 or float16.</summary>
    /// <param name="name">The name; null where a configuration says nothing.</param>
    /// <returns>The type; null for any other name.</returns>
    public static DType? OfModelNamed(string? name)
    {
        foreach (var type in OfModels)
        {
            if (string.Equals(type.TorchName(), name, StringComparison.Ordinal))
                return type;
        }

        return null;
    }

    /// <summary>The type of a TorchSharp tensor.</summary>
    /// <exception cref="NotSupportedException">Complex and quantised tensors.</exception>
    public static DType FromScalarType(torch.ScalarType type) => type switch
    {
        torch.ScalarType.Float64 => DType.Float64,
        torch.ScalarType.Float32 => DType.Float32,
        torch.ScalarType.Float16 => DType.Float16,
        torch.ScalarType.BFloat16 => DType.BFloat16,
        torch.ScalarType.Int64 => DType.Int64,
        torch.ScalarType.Int32 => DType.Int32,
        torch.ScalarType.Int16 => DType.Int16,
        torch.ScalarType.Int8 => DType.Int8,
        torch.ScalarType.Byte => DType.UInt8,
        torch.ScalarType.Bool => DType.Bool,
        _ => throw new NotSupportedException($"Tensors of {type} are not stored in files."),
    };
}
