using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Judging;

namespace Tiebreak.App.Validating;

/// <summary>What a judge must reach: at least so much of a measure, or at most, whichever is better.</summary>
/// <param name="Name">The measure; see <see cref="ValidationMeasure.Name"/>.</param>
/// <param name="Limit">The value that is still good enough.</param>
public sealed record MeasureRequirement(string Name, double Limit)
{
    /// <summary>Reads a requirement as people write it: <c>kappa=0.3</c>.</summary>
    /// <param name="text">Name and limit.</param>
    /// <exception cref="InputException">No measure has this name, or the limit is no number.</exception>
    public static MeasureRequirement Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, limit) = text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
            ? (text[..equals].Trim(), text[(equals + 1)..].Trim())
            : throw Wrong($"`require` {text} is not of the form kappa=0.3.");
        if (!MeasureNames.All.Contains(name, StringComparer.Ordinal))
        {
            throw Wrong($"`require` {text}: there is no measure \"{name}\". The nearest are "
                + $"{string.Join(", ", NearestNames.Of(name, MeasureNames.All))}; all are {string.Join(", ", MeasureNames.All)}.");
        }

        return double.TryParse(limit, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new MeasureRequirement(name, number)
            : throw Wrong($"`require` {text}: \"{limit}\" is no number. Write {name}=0.3.");
    }

    /// <summary>What became of a requirement.</summary>
    /// <exception cref="InputException">The measure was not measured, so nobody can say.</exception>
    internal RequirementResult Check(IReadOnlyList<ValidationMeasure> measures)
    {
        var measure = measures.Single(measure => string.Equals(measure.Name, Name, StringComparison.Ordinal));
        return measure.IsMeasured
            ? new RequirementResult(Name, Limit, measure.Value, measure.IsAsGoodAs(Limit))
            : throw Wrong($"`require` {Name}: {measure.Title} was not measured ({measure.Remark}).");
    }

    private static InputException Wrong(string message) => new(message) { Parameters = ["require"] };
}

/// <summary>What became of a requirement.</summary>
/// <param name="Name">The measure.</param>
/// <param name="Limit">What was asked.</param>
/// <param name="Value">What was found.</param>
/// <param name="Met">Whether that is good enough.</param>
public sealed record RequirementResult(string Name, double Limit, double Value, bool Met);

/// <summary>The names of all measures, in the order of reports.</summary>
internal static class MeasureNames
{
    public const string Agreement = "agreement";
    public const string Decisive = "decisive";
    public const string Kappa = "kappa";
    public const string Ac1 = "ac1";
    public const string Alpha = "alpha";
    public const string OrdinalAlpha = "alpha-ordinal";
    public const string Flips = "flips";
    public const string Position = "position";
    public const string Retest = "retest";
    public const string Length = "length";
    public const string Style = "style";
    public const string Calibration = "calibration";
    public const string LogLoss = "log-loss";

    public static IReadOnlyList<string> All { get; } =
    [
        Agreement, Decisive, Kappa, Ac1, Alpha, OrdinalAlpha, Flips, Position, Retest, Length, Style, Calibration, LogLoss,
    ];
}
