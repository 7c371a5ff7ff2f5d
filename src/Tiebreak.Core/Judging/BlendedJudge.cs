using Tiebreak.Core.Battles;

namespace Tiebreak.Core.Judging;

/// <summary>The weighted mean of several judges' preferences. They see the same battles in the same order, so rows cannot slip.</summary>
public sealed class BlendedJudge : IJudge
{
    private readonly (IJudge Judge, double Weight)[] _members;

    /// <summary>Creates a blend.</summary>
    /// <param name="members">
    /// The judges, disposed with this one, with weights that are not negative and not all zero; they are scaled to sum 1.
    /// </param>
    public BlendedJudge(IReadOnlyList<(IJudge Judge, double Weight)> members)
    {
        var sum = members.Sum(member => member.Weight);
        if (!(sum > 0) || !double.IsFinite(sum) || members.Any(member => member.Weight < 0))
            throw new ArgumentException("The weights of a blend must be finite, not negative and not all zero.", nameof(members));

        _members = [.. members.Select(member => (member.Judge, member.Weight / sum))];
    }

    /// <inheritdoc/>
    public bool IsSymmetric => _members.All(member => member.Judge.IsSymmetric);

    /// <inheritdoc/>
    public async Task<Preference[]> JudgeAsync(
        IReadOnlyList<Battle> battles, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var sums = new (double A, double B, double Tie)[battles.Count];
        for (var member = 0; member < _members.Length; member++)
        {
            var (judge, weight) = _members[member];
            var preferences = await judge.JudgeAsync(battles, progress: null, cancellationToken);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i].A += weight * preferences[i].A;
                sums[i].B += weight * preferences[i].B;
                sums[i].Tie += weight * preferences[i].Tie;
            }

            progress?.Report((int)((long)battles.Count * (member + 1) / _members.Length));
        }

        return [.. sums.Select(sum => Preference.Normalised(sum.A, sum.B, sum.Tie))];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (judge, _) in _members)
            await judge.DisposeAsync();
    }
}
