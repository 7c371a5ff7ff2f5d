namespace Tiebreak.Torch.Memory;

/// <summary>
/// Memory for tensors of many sizes. The C library's heap puts small blocks between large ones; each that stays divides a hole, and the
/// tensors of the next texts, which have other lengths, do not fit what is left. Here are large blocks only.
/// </summary>
internal sealed class TensorRegion(AddressRange addresses)
{
    private readonly Lock _gate = new();
    private readonly FreeRanges _ranges = new(addresses.Length);

    /// <summary>The bytes of all blocks that are in use.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_gate)
                return _ranges.Taken;
        }
    }

    /// <summary>The most that were in use at once.</summary>
    public long MostUsedBytes
    {
        get
        {
            lock (_gate)
                return _ranges.MostTaken;
        }
    }

    /// <summary>A block.</summary>
    /// <param name="bytes">1 or more.</param>
    /// <returns>Its address, a multiple of 64; 0: there is no room, or it is more than half of all.</returns>
    public IntPtr Allocate(nuint bytes)
    {
        // Addresses are no memory, and there are twice as many: what memory cannot hold is left to libtorch, which says so.
        if (bytes > (nuint)addresses.Length / 2)
            return 0;
        lock (_gate)
            return _ranges.Take((long)bytes) is { } place ? addresses.AddressOf(place) : 0;
    }

    /// <summary>Whether a block is one of this region's, in use.</summary>
    public bool Holds(IntPtr block)
    {
        lock (_gate)
            return addresses.PlaceOf(block) is { } place && _ranges.IsTaken(place);
    }

    /// <summary>Takes a block back.</summary>
    /// <returns>False: it is none of this region's.</returns>
    public bool Free(IntPtr block)
    {
        if (addresses.PlaceOf(block) is not { } place)
            return false;
        lock (_gate)
            _ranges.Return(place);
        return true;
    }

    /// <summary>Gives the memory of what is free back to the system.</summary>
    public void ReleaseFreedBlocks()
    {
        lock (_gate)
        {
            foreach (var (start, length) in _ranges.Free)
                addresses.Clear(start, length);
        }
    }
}
