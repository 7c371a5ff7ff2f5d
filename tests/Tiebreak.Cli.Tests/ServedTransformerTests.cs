using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>A transformer judge says the same through the API as in files.</summary>
public sealed class ServedTransformerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gemma")]
    [InlineData("deberta")]
    public async Task Its_answers_are_those_of_predict(string name)
    {
        var model = name is "gemma" ? TransformerFolder.Gemma(_folder) : TransformerFolder.Deberta(_folder);
        BattleWriter.WriteJsonl(_folder["train.jsonl"], SyntheticBattles.Create(40));
        await CommandRun.OkAsync(
            "train", _folder.Write("recipe.yaml", $"kind: transformer\nfolds: 2\nmodel: {model}\nmax_tokens: 96\n"),
            "--data", _folder["train.jsonl"], "--out", _folder["judge"]);

        await new ServedLikePredicted(_folder, CommandRun.OkAsync, SyntheticBattles.Create(20, seed: 4, labelled: false))
            .HoldsAsync(_folder["judge"], isSymmetric: false);
    }
}
