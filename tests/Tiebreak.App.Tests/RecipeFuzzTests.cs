using System.Text;
using CsCheck;
using Tiebreak.App.Recipes;
using Tiebreak.Core;
using Tiebreak.Testing;

namespace Tiebreak.App.Tests;

/// <summary>
/// Whatever becomes of a good recipe when bytes of it are exchanged, dropped or repeated, reading it ends with a recipe or a sentence.
/// </summary>
public sealed class RecipeFuzzTests : IDisposable
{
    private static readonly byte[] Recipe = Encoding.UTF8.GetBytes(
        "kind: feature\nfolds: 3\nswap: always\nboosting: &a\n  leaves: 16\n  rate: 0.05 # slow\n  names: [one, 'two', \"three\\n\"]\n"
        + "other: *a\ntext: |\n  first\n  second\n");

    private static readonly Gen<Damage[]> Damages = Gen.Select(
        Gen.Int[0, Damage.Kinds - 1], Gen.Int[0, 100_000], Gen.Byte, (kind, place, value) => new Damage(kind, place, value)).Array[0, 6];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_damaged_recipe_is_read_or_refused() => Fuzz(seconds: 1);

    [SlowFact]
    public void A_damaged_recipe_is_read_or_refused_for_long() => Fuzz(FuzzTime.LongSeconds);

    [Fact]
    public void A_recipe_that_nests_or_repeats_without_end_is_refused()
    {
        Assert.Contains("nested deeper than 16 levels", Fail(new string('[', 500_000)), StringComparison.Ordinal);
        Assert.Contains(
            "nested deeper than 16 levels",
            Fail(string.Concat(Enumerable.Range(0, 500).Select(depth => $"{new string(' ', depth)}a:\n"))),
            StringComparison.Ordinal);
        Assert.Contains(
            "more than 10000 values",
            Fail("a0: &a0 [x, x]\n"
                + string.Concat(Enumerable.Range(1, 14).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n"))),
            StringComparison.Ordinal);
    }

    private string Fail(string recipe) =>
        Assert.Throws<InputException>(() => RecipeFile.Load(_folder.Write("recipe.yaml", recipe), [])).Message;

    private void Fuzz(int seconds)
    {
        using var time = new FuzzTime("recipe");
        Damages.Sample(
            damages => time.Read(damages, () =>
            {
                var path = _folder[Guid.NewGuid().ToString("N")];
                File.WriteAllBytes(path, Damage.Apply(Recipe, damages));
                try
                {
                    RecipeFile.Load(path, []);
                }
                catch (InputException)
                {
                    // A sentence is what a damaged recipe deserves.
                }

                File.Delete(path);
            }),
            time: seconds,
            threads: 2);
    }
}
