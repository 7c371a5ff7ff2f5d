using System.CommandLine;
using Tiebreak.App.Recipes;
using Tiebreak.Core;
using Tiebreak.Tokenization.Budgets;

namespace Tiebreak.Cli.Verbs;

/// <summary>How a battle is written for a model: <c>--template NAME|FILE.yaml</c>.</summary>
internal sealed class TemplateOption : Option<string>
{
    public TemplateOption()
        : base("--template")
    {
        Description = $"How a battle is written: {string.Join(", ", BattleTemplate.ByName.Keys)}, or a YAML file.";
        DefaultValueFactory = _ => "sections";
    }

    /// <summary>The template that the command line names.</summary>
    /// <exception cref="InputException">There is none, or the file is none.</exception>
    public BattleTemplate Open(ParseResult parse)
    {
        var nameOrPath = parse.GetRequiredValue(this);
        if (BattleTemplate.ByName.TryGetValue(nameOrPath, out var builtIn))
            return builtIn;
        if (!File.Exists(nameOrPath))
        {
            throw new InputException($"There is no template {nameOrPath}. Give a YAML file, or one that comes with Tiebreak: "
                + $"{string.Join(", ", BattleTemplate.ByName.Keys)}.");
        }

        return BattleTemplate.Parse(nameOrPath, YamlFile.Read(nameOrPath, "template"));
    }
}
