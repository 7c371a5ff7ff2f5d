namespace Tiebreak.Core.Judging;

/// <summary>Where a judge computes and what it may use there. Chosen by whoever opens or trains it, not by its kind.</summary>
public sealed record Placement
{
    /// <summary>The device that every machine has.</summary>
    public const string Cpu = "cpu";

    /// <summary>
    /// Where tensors are computed: <c>cpu</c>, <c>cuda:0</c>, or <c>cuda:0+cuda:1</c> with half of a model's layers on each. Kinds without
    /// tensors ignore it. Default: <c>cpu</c>.
    /// </summary>
    public string Device { get; init; } = Cpu;

    /// <summary>Threads of the CPU to use, at least 1. Default: one per core.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Memory of the device that the judge may hold, in bytes; null for no limit. A judge whose weights alone take more is refused.
    /// </summary>
    public long? MemoryBytes { get; init; }

    /// <summary>
    /// True to compute each battle by itself, so that its preference has the same bits whatever is judged with it, in whatever order and
    /// batches, on the same machine with as many threads. Default: battles are computed together, and rounding depends on the others.
    /// </summary>
    public bool IsInvariant { get; init; }

    /// <summary>
    /// True to compute a transformer layer by layer, so that memory holds two of its layers at a time; false to hold all of it. Default,
    /// null: layer by layer where memory does not hold the model.
    /// </summary>
    public bool? LayerMajor { get; init; }

    /// <summary>
    /// True to open the members of an ensemble one after another for every request, and to close each before the next: the memory of the
    /// largest is enough, and opening takes its time with every request. Default: all are open.
    /// </summary>
    public bool MembersInTurn { get; init; }

    /// <summary>Devices that are dealt out to the members of an ensemble. Default: none, all compute on <see cref="Device"/>.</summary>
    public IReadOnlyList<string> MemberDevices { get; init; } = [];
}
