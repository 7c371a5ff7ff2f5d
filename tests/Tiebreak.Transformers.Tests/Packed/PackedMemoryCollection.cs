namespace Tiebreak.Transformers.Tests.Packed;

/// <summary>Memory is the process's: nothing else runs beside.</summary>
[CollectionDefinition(nameof(PackedMemoryTests), DisableParallelization = true)]
public sealed class PackedMemoryCollection;
