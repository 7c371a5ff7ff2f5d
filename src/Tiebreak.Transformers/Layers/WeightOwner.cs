namespace Tiebreak.Transformers.Layers;

/// <summary>A part of a model that owns weights, or parts that own them; disposing it frees them.</summary>
internal abstract class WeightOwner : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes a tensor or a part; it is freed with this one.</summary>
    protected T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }

    /// <summary>Frees what is owned.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;

        foreach (var part in _owned)
            part.Dispose();
        _owned.Clear();
    }
}
