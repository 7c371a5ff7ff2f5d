namespace Tiebreak.Transformers.Adapters;

/// <summary>
/// An adapter that only its configuration describes: low-rank parts for its target modules, and modules that are trained whole
/// (<c>modules_to_save</c>). What its tensors begin as is <see cref="Training.Initialisation.OfNewTensor"/>.
/// </summary>
/// <param name="config">The configuration.</param>
internal sealed class NewAdapter(AdapterConfig config) : Adapter(config)
{
    private static readonly string[] LowRankParts = [".lora_A.weight", ".lora_B.weight"];

    /// <inheritdoc/>
    public override bool IsNew => true;

    /// <inheritdoc/>
    public override string? StoredName(string name)
    {
        if (name.EndsWith(TokenRowsName, StringComparison.Ordinal) && Config.Tokens.Of(name[..^TokenRowsName.Length]) is not null)
            return Wrapping + name;
        var isPart = Array.Exists(LowRankParts, part => IsOfTarget(name, part)) || (Config.UsesDora && IsOfTarget(name, MagnitudeName));
        return isPart || IsSavedWhole(name) ? Wrapping + name : null;
    }

    private bool IsOfTarget(string name, string part) =>
        name.EndsWith(part, StringComparison.Ordinal) && Config.Targets.Contains(name[..^part.Length]);

    // A module's tensors are .weight and .bias; the module is named by its last parts.
    private bool IsSavedWhole(string name) =>
        name.LastIndexOf('.') is > 0 and var dot && Config.SavedModules.Any(module => PeftPattern.IsLastPart(name[..dot], module));
}
