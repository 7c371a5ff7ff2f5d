using System.Globalization;

namespace Tiebreak.Core.Training;

/// <summary>How a training finds out what its judge is worth on new battles; calibration is fitted on the same rows.</summary>
public abstract record Validation
{
    private protected Validation()
    {
    }

    /// <summary>Five folds.</summary>
    public static Validation Default { get; } = new CrossValidation(5);
}

/// <summary>
/// Every battle is judged by a judge that was trained without its fold; folds keep battles about one prompt together. It costs a training
/// for each fold.
/// </summary>
/// <param name="Folds">How many folds, at least 2.</param>
public sealed record CrossValidation(int Folds) : Validation
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Folds} folds");
}

/// <summary>
/// Part of the target's battles, with all others about the same prompts, is never trained on; the one trained judge is asked about it.
/// </summary>
/// <param name="Share">The part of the target's battles that is held out, above 0 and at most 0.5; prompts are not divided.</param>
public sealed record Holdout(double Share) : Validation
{
    /// <summary>The largest share.</summary>
    public const double MaxShare = 0.5;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"a hold-out of {Share}");
}

/// <summary>What a training held out, as <c>judge.json</c> states it.</summary>
/// <param name="Share">The share of the target's battles that was asked for.</param>
/// <param name="Battles">Battles held out.</param>
/// <param name="Prompts">Prompts that they are about.</param>
/// <param name="LeftOut">Battles of other sources about these prompts: neither trained on nor scored.</param>
public sealed record HoldoutSummary(double Share, int Battles, int Prompts, int LeftOut);
