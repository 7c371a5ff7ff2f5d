using TorchSharp;

namespace Tiebreak.Torch.Tests;

public sealed class TorchWorkerTests
{
    [Fact]
    public async Task A_batch_leaves_no_tensor_behind()
    {
        using var worker = new TorchWorker("test");
        var before = await worker.RunAsync(Live);
        for (var batch = 0; batch < 20; batch++)
        {
            var sum = await worker.RunAsync(() =>
            {
                var input = torch.ones(4, 8);
                return (input + input).sum().item<float>();
            });
            Assert.Equal(64f, sum);
        }

        Assert.Equal(before, await worker.RunAsync(Live));

        static long Live() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gradients_are_computed_where_they_are_asked_for(bool computesGradients)
    {
        using var worker = new TorchWorker("test", computesGradients: computesGradients);
        Assert.Equal(computesGradients, await worker.RunAsync(() => (torch.ones(2).requires_grad_() * 3).requires_grad));
    }

    [Fact]
    public async Task A_failure_reaches_the_caller_and_the_thread_goes_on()
    {
        using var worker = new TorchWorker("test");
        await Assert.ThrowsAsync<InvalidOperationException>(() => worker.RunAsync<int>(() => throw new InvalidOperationException("no")));
        Assert.Equal(2, await worker.RunAsync(() => 2));
    }

    [Fact]
    public async Task A_cancelled_piece_does_not_start()
    {
        using var worker = new TorchWorker("test");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => worker.RunAsync(() => 1, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_piece_that_is_cancelled_while_it_waits_ends_at_once_and_one_that_runs_goes_on()
    {
        using var worker = new TorchWorker("test");
        using var go = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var running = worker.RunAsync(() => { started.SetResult(); go.Wait(); return 1; }, stop.Token);
        await started.Task;
        var hasRun = false;
        var waiting = worker.RunAsync(() => hasRun = true, stop.Token);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.False(running.IsCompleted);
        go.Set();
        Assert.Equal(1, await running);
        Assert.Equal(3, await worker.RunAsync(() => 3, TestContext.Current.CancellationToken));
        Assert.False(hasRun);
    }

    [Fact]
    public async Task What_is_handed_over_after_the_end_fails_as_a_task()
    {
        var worker = new TorchWorker("test");
        worker.Dispose();
        worker.Dispose();
        var late = worker.RunAsync(() => 1);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => late);
    }

    [Fact]
    public async Task Cancellation_also_releases_who_waits_for_a_place_in_the_full_queue()
    {
        using var worker = new TorchWorker("test");
        using var go = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        var hasRun = false;
        var first = worker.RunAsync(() => { go.Wait(); return 0; }, TestContext.Current.CancellationToken);
        var waiting = Enumerable.Range(0, 200).Select(_ => worker.RunAsync(() => hasRun = true, stop.Token)).ToList();

        await stop.CancelAsync();
        var all = Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => all);
        go.Set();
        Assert.Equal(0, await first);
        Assert.Equal(1, await worker.RunAsync(() => 1, TestContext.Current.CancellationToken));
        Assert.False(hasRun);
    }

    [Fact]
    public async Task Each_worker_keeps_its_own_number_of_threads()
    {
        using var one = new TorchWorker("one", threads: 1);
        using var three = new TorchWorker("three", threads: 3);
        Assert.Equal(3, await three.RunAsync(torch.get_num_threads, TestContext.Current.CancellationToken));
        Assert.Equal(1, await one.RunAsync(torch.get_num_threads, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TorchWorker("none", threads: 0));
    }

    [Fact]
    public async Task However_much_is_handed_over_everything_runs_in_order()
    {
        var worker = new TorchWorker("test");
        var order = new List<int>();
        var pieces = Enumerable.Range(0, 500).Select(i => worker.RunAsync(() => { order.Add(i); return i; })).ToList();
        await Task.WhenAll(pieces);
        worker.Dispose();
        Assert.Equal(Enumerable.Range(0, 500), order);
    }
}
