namespace Tiebreak.Data.Reading.Parquet;

/// <summary>What a value means.</summary>
/// <param name="bytes">The value as PLAIN encoding stores it, without a length before it; a truth value is a byte.</param>
internal delegate T ValueMeaning<out T>(ReadOnlySpan<byte> bytes);
