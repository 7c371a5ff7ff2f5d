using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Cleaning;

/// <summary>The cleaned battles, and an account of every difference.</summary>
/// <param name="Before">How many battles there were.</param>
/// <param name="Battles">The battles that are left, in their order.</param>
/// <param name="Rules">What each rule did, in the order of application; rules that found nothing are listed too.</param>
public sealed record CleaningReport(int Before, IReadOnlyList<Battle> Battles, IReadOnlyList<RuleOutcome> Rules);
