using System.Text.Json.Serialization;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Calibration;

namespace Tiebreak.Core.Ensembles;

/// <summary>Preferences of several judges as one: a temperature for each member, weights, and a temperature for the result.</summary>
internal sealed record Blend
{
    private const double SumTolerance = 1e-6;

    /// <summary>How the preferences are pooled.</summary>
    public required Pooling Pooling { get; init; }

    /// <summary>A temperature for each member; see <see cref="Calibration.Temperature"/>.</summary>
    public required IReadOnlyList<double> MemberTemperatures { get; init; }

    /// <summary>One weight for each member, not negative, which sum to 1.</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>Bins of battles that have weights of their own; null for none.</summary>
    public BattleBinning? Bins { get; init; }

    /// <summary>The weights of each of <see cref="Bins"/>.</summary>
    public IReadOnlyList<IReadOnlyList<double>> BinWeights { get; init; } = [];

    /// <summary>The temperature of the pooled preference. In bundles 1: their calibration does it.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>False for numbers that no fit gives, as in a damaged file.</summary>
    [JsonIgnore]
    public bool IsPossible => Weights.Count > 0 && MemberTemperatures.Count == Weights.Count && IsPositive(Temperature)
        && MemberTemperatures.All(IsPositive) && BinWeights.Count == (Bins?.Count ?? 0) && BinWeights.Append(Weights).All(AreWeights);

    /// <summary>Members of equal weight, and no temperatures.</summary>
    public static Blend Equal(Pooling pooling, int members) => Of(pooling, [.. Enumerable.Repeat(1.0, members)]);

    /// <summary>Members with weights, and no temperatures.</summary>
    /// <param name="pooling">How to pool.</param>
    /// <param name="weights">Weights, not negative and not all zero; they are divided by their sum.</param>
    public static Blend Of(Pooling pooling, IReadOnlyList<double> weights)
    {
        var sum = weights.Sum();
        return new Blend
        {
            Pooling = pooling,
            MemberTemperatures = [.. weights.Select(_ => 1.0)],
            Weights = [.. weights.Select(weight => weight / sum)],
        };
    }

    /// <summary>The blended preference for a battle.</summary>
    /// <param name="members">What each member says.</param>
    /// <param name="battle">The battle; null where its bin is not known.</param>
    public Preference Apply(IReadOnlyList<Preference> members, Battle? battle)
    {
        Preference[] said = [.. members.Select((preference, k) => new Temperature(MemberTemperatures[k]).Apply(preference))];
        return new Temperature(Temperature).Apply(Pooling.Pool(said, [.. WeightsFor(battle)]));
    }

    /// <summary>How much each member counts for a battle.</summary>
    /// <param name="battle">The battle; null where its bin is not known.</param>
    public IReadOnlyList<double> WeightsFor(Battle? battle) =>
        Bins is not null && battle is not null ? BinWeights[Bins.BinOf(battle)] : Weights;

    /// <summary>The blend of some of the members, with their weights divided by what is left of the sum.</summary>
    /// <param name="members">The members that stay. Where they all have weight 0, they count the same.</param>
    public Blend Only(IReadOnlyList<int> members) => this with
    {
        MemberTemperatures = [.. members.Select(member => MemberTemperatures[member])],
        Weights = Part(Weights, members),
        BinWeights = [.. BinWeights.Select(weights => Part(weights, members))],
    };

    private static double[] Part(IReadOnlyList<double> weights, IReadOnlyList<int> members)
    {
        var sum = members.Sum(member => weights[member]);
        return [.. members.Select(member => sum > 0 ? weights[member] / sum : 1.0 / members.Count)];
    }

    private bool AreWeights(IReadOnlyList<double> weights) => weights.Count == Weights.Count && weights.All(weight => weight >= 0)
        && Math.Abs(weights.Sum() - 1) <= SumTolerance;

    private static bool IsPositive(double value) => value > 0 && double.IsFinite(value);
}
