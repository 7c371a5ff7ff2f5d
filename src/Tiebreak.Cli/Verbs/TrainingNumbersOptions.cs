using System.CommandLine;
using Tiebreak.App.Recipes;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs;

/// <summary>The options <c>--numbers</c> and <c>--battle-numbers</c> of verbs that train, and what they mean for the recipe.</summary>
internal sealed class TrainingNumbersOptions
{
    private readonly NumbersOption _numbers = new();
    private readonly Option<string[]> _ofBattle = new("--battle-numbers")
    {
        Description = "Which columns of --numbers are about the battle as a whole; those of a side end in _a and _b.",
        AllowMultipleArgumentsPerToken = true,
    };

    public TrainingNumbersOptions(Command verb)
    {
        verb.Add(_numbers);
        verb.Add(_ofBattle);
    }

    /// <summary>The file; null for none.</summary>
    public string? File(ParseResult parse) => parse.GetValue(_numbers);

    /// <summary>The recipe, which learns from the numbers where they are given.</summary>
    /// <exception cref="InputException">The recipe cannot be read, or its kind does not learn from numbers.</exception>
    public RecipeFile LoadRecipe(ParseResult parse, string nameOrPath, IReadOnlyList<string> changes)
    {
        if (File(parse) is null)
        {
            return parse.GetValue(_ofBattle) is [_, ..]
                ? throw new InputException("--battle-numbers says what columns of --numbers mean: give the file too.")
                : RecipeFile.Load(nameOrPath, changes);
        }

        var recipe = RecipeFile.Load(nameOrPath, changes, parse.GetValue(_ofBattle) ?? []);
        return recipe.Recipe.Kind is "feature"
            ? recipe
            : throw new InputException(
                $"--numbers is for judges of kind feature; judges of kind {recipe.Recipe.Kind} cannot learn from numbers.");
    }
}
