using Tiebreak.Core;
using TorchSharp;

namespace Tiebreak.Torch.Tests;

/// <summary>Pieces of work that run beside each other, each on one thread.</summary>
public sealed class SingleThreadedTests : IDisposable
{
    private readonly int _before;

    public SingleThreadedTests()
    {
        TorchRuntime.Start();
        _before = torch.get_num_threads();
        TorchRuntime.Start(3);
        Assert.SkipUnless(SingleThreaded.IsPossible, "Only GNU's OpenMP runtime is asked for one thread.");
    }

    public void Dispose() => TorchRuntime.Start(_before);

    [Fact]
    public void Each_piece_has_one_thread_and_leaves_others_theirs()
    {
        var threads = new int[20];
        SingleThreaded.Run(threads.Length, piece =>
        {
            Assert.True(torch.is_inference_mode_enabled());
            Assert.False(SingleThreaded.IsPossible);
            threads[piece] = torch.get_num_threads();
        });
        Assert.All(threads, count => Assert.Equal(1, count));
        Assert.Equal(3, torch.get_num_threads());
        Assert.False(torch.is_inference_mode_enabled());
    }

    [Fact]
    public void A_failure_is_told_as_it_was()
    {
        var error = Assert.Throws<InputException>(() => SingleThreaded.Run(4, piece =>
        {
            if (piece == 2)
                throw new InputException("The third piece.");
        }));
        Assert.Equal("The third piece.", error.Message);
        Assert.Equal(3, torch.get_num_threads());
    }
}
