namespace Tiebreak.Ratings.Routing;

/// <summary>What a routing policy saves.</summary>
public enum RoutingObjective
{
    /// <summary>Money: the cheapest model that is good enough.</summary>
    Cost,

    /// <summary>Time: the fastest model that is good enough.</summary>
    Seconds,
}
