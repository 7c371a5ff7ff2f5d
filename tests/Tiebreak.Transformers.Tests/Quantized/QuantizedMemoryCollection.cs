namespace Tiebreak.Transformers.Tests.Quantized;

/// <summary>Memory is the process's: nothing else runs beside.</summary>
[CollectionDefinition(nameof(QuantizedMemoryTests), DisableParallelization = true)]
public sealed class QuantizedMemoryCollection;
