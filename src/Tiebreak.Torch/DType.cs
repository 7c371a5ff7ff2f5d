namespace Tiebreak.Torch;

/// <summary>The type of a tensor's elements.</summary>
public enum DType
{
    /// <summary>IEEE double precision.</summary>
    Float64,

    /// <summary>IEEE single precision.</summary>
    Float32,

    /// <summary>IEEE half precision.</summary>
    Float16,

    /// <summary>The upper half of a <see cref="Float32"/>.</summary>
    BFloat16,

    /// <summary>
    /// 8-bit floating point with 4 bits of exponent and 3 of mantissa, without infinities. It is stored and never computed with: tensors
    /// hold its codes as bytes.
    /// </summary>
    Float8E4M3,

    /// <summary>64-bit integer.</summary>
    Int64,

    /// <summary>32-bit integer.</summary>
    Int32,

    /// <summary>16-bit integer.</summary>
    Int16,

    /// <summary>8-bit integer.</summary>
    Int8,

    /// <summary>8-bit integer without sign.</summary>
    UInt8,

    /// <summary>A byte that is 0 or 1.</summary>
    Bool,
}
