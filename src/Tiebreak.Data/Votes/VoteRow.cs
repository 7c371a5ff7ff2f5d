using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Votes;

/// <summary>One vote, with names as numbers.</summary>
internal readonly record struct VoteRow(
    int ModelA, int ModelB, Verdict Verdict, int Judge, int Language, int Turn, double Weight, DateTimeOffset Timestamp);
