using System.Globalization;
using System.Text.RegularExpressions;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Adapters;

/// <summary>
/// Which modules an adapter is for, by PEFT's rules: <c>target_modules</c> is a list of last parts of names, one regular expression that
/// must match the whole name, or <c>all-linear</c>; <c>exclude_modules</c> takes some away, and <c>layers_to_transform</c> leaves some
/// layers only.
/// </summary>
internal sealed class ModuleTargets
{
    private const string AllLinear = "all-linear";

    private readonly Func<string, bool> _isNamed;
    private readonly Func<string, bool> _isExcluded;
    private readonly IReadOnlyList<int>? _layers;
    private readonly Regex[] _layerPatterns;

    public ModuleTargets(ModelConfig config)
    {
        _isNamed = Names(config, "target_modules")
            ?? throw config.Unsupported("target_modules", "a list of names of modules, one regular expression, or all-linear");
        _isExcluded = Names(config, "exclude_modules") ?? (_ => false);
        _layers = config.WholesOrNull("layers_to_transform");

        // Without a pattern the first number in the name is the layer's.
        var patterns = config.IsText("layers_pattern") ? [config.Text("layers_pattern")] : config.TextsOrNull("layers_pattern") ?? [];
        _layerPatterns = patterns.Count == 0
            ? [PeftPattern.Whole(config, "layers_pattern", @".*?\.[^.]*\.(?<layer>\d+)\..*")]
            : [.. patterns.Select(pattern => PeftPattern.Whole(config, "layers_pattern", $@".*\.{pattern}\.(?<layer>\d+)\..*"))];
    }

    /// <summary>True if the adapter is for the module of this name.</summary>
    public bool Contains(string module) =>
        _isNamed(module) && !_isExcluded(module) && (_layers is null || _layers.Contains(LayerOf(module)));

    private static Func<string, bool>? Names(ModelConfig config, string key)
    {
        if (!config.Has(key))
            return null;
        if (!config.IsText(key))
        {
            var names = config.TextsOrNull(key)!;
            return module => names.Any(name => PeftPattern.IsLastPart(module, name));
        }

        var text = config.Text(key);
        if (string.Equals(text, AllLinear, StringComparison.Ordinal))
            return _ => true;
        var pattern = PeftPattern.Whole(config, key, text);
        return pattern.IsMatch;
    }

    private int LayerOf(string module)
    {
        var match = _layerPatterns.Select(pattern => pattern.Match(module)).FirstOrDefault(match => match.Success);
        return match is null ? -1 : int.Parse(match.Groups["layer"].ValueSpan, CultureInfo.InvariantCulture);
    }
}
