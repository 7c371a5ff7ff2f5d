using Tiebreak.Runs.Planning;

namespace Tiebreak.Runs.Status;

/// <summary>How far a pass is.</summary>
/// <param name="Pass">The pass.</param>
/// <param name="Done">Battles of finished shards.</param>
/// <param name="Total">Battles of the pass; of the second order of a budgeted run, at most so many.</param>
public sealed record PassStatus(RunPass Pass, int Done, int Total);
