using Tiebreak.Torch;

namespace Tiebreak.Transformers.Tuning;

/// <summary>
/// Gives freed memory back to the system when much of it has gathered. It stays with the process for the next step's tensors, but texts of
/// other lengths need blocks of other sizes: over hundreds of steps it would grow to several times what a step takes.
/// </summary>
internal sealed class FreedMemory
{
    // How much more than after a step that began without freed memory.
    private const double MostGrowth = 1.15;

    // Such a step takes about a sixth longer, since its memory has to be mapped anew.
    private const int FewestSteps = 8;

    private long _afterStep; // the most that the process had after a step that began without freed memory
    private int _steps; // since then

    /// <summary>Looks at the memory after a step, on the thread that computed it.</summary>
    public void AfterStep()
    {
        var now = Environment.WorkingSet;
        if (_steps++ == 0)
            _afterStep = Math.Max(_afterStep, now);
        if (_steps < FewestSteps || now <= MostGrowth * _afterStep)
            return;
        TorchRuntime.ReleaseFreedMemory();
        _steps = 0;
    }
}
