using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>The quickstart, run once; tests read its folder and do not change it.</summary>
public sealed class QuickstartFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal CommandRun Run { get; private set; } = null!;

    public string Judge => Path.Combine(_folder["quickstart"], "judge");

    public string Battles => Path.Combine(_folder["quickstart"], "battles.jsonl.gz");

    public string Test => Path.Combine(_folder["quickstart"], "test.csv");

    public string Submission => Path.Combine(_folder["quickstart"], "submission.csv");

    public async ValueTask InitializeAsync() => Run = await CommandRun.OfAsync("quickstart", "--out", _folder["quickstart"]);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
