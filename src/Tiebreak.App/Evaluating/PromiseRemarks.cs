using System.Text.Json;
using Tiebreak.Core.Abstention;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Metrics;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Evaluating;

/// <summary>What became of a bundle's promises, about its answers and its sets of outcomes, on the battles of an evaluation.</summary>
internal static class PromiseRemarks
{
    // The confidence with which a promise is called broken.
    private const double Confidence = 0.95;

    /// <summary>A sentence for each promise.</summary>
    /// <param name="manifest">The bundle's rules.</param>
    /// <param name="preferences">What its judge says.</param>
    /// <param name="targets">What people said, row by row.</param>
    public static IEnumerable<string> Of(
        BundleManifest manifest, IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets)
    {
        if (manifest.Abstention is { } rule)
        {
            var check = AbstentionCheck.Of(rule, preferences, targets);
            yield return Invariant($"The judge answers {check.Answered:N0} of {check.Rows:N0} battles ")
                + $"({NumberText.Percent(check.Answered, check.Rows)}), "
                + Invariant($"{check.Errors:N0} of them wrongly ({NumberText.Percent(check.Errors, check.Answered)}); ")
                + Invariant($"its rule promises at most {rule.MaxError:P0}. ")
                + Verdict(check.IsBroken, Invariant($"at least {check.ErrorAtLeast:P1} are wrong"));
        }

        if (manifest.PredictionSets is { } sets)
        {
            var missed = Enumerable.Range(0, preferences.Count).Count(i => !sets.SetOf(preferences[i]).Contains(targets[i].Top));
            var missedAtLeast = BinomialTail.LowerBound(missed, preferences.Count, Confidence);
            yield return Invariant($"The sets of outcomes hold {1 - ((double)missed / preferences.Count):P1} of the verdicts; ")
                + Invariant($"{sets.Coverage:P0} are promised. ")
                + Verdict(missedAtLeast > 1 - sets.Coverage, Invariant($"at least {missedAtLeast:P1} lack the verdict"));
        }
    }

    /// <summary>What became of the rule of abstention, for JSON; null for a judge that answers everything.</summary>
    /// <param name="manifest">The bundle's rules.</param>
    /// <param name="preferences">What its judge says.</param>
    /// <param name="targets">What people said, row by row.</param>
    public static JsonElement? Abstention(
        BundleManifest manifest, IReadOnlyList<Preference> preferences, IReadOnlyList<Preference> targets) =>
        manifest.Abstention is { } rule
            ? JsonSerializer.SerializeToElement(AbstentionCheck.Of(rule, preferences, targets), InnerJson.Default.AbstentionCheck)
            : null;

    private static string Verdict(bool isBroken, string found) => isBroken
        ? $"That does not carry over to these battles: {found}, with 95 % confidence."
        : "Nothing here speaks against it.";
}
