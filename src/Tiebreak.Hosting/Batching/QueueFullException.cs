using Tiebreak.Core;

namespace Tiebreak.Hosting.Batching;

/// <summary>More battles wait for the judge than may wait. Nothing is wrong with the request.</summary>
internal sealed class QueueFullException : TiebreakException
{
    /// <summary>The code of this error.</summary>
    public const string ErrorCode = "queue-full";

    /// <param name="battles">How many wait.</param>
    /// <param name="retryAfter">When those will have been judged, as far as can be told.</param>
    public QueueFullException(int battles, TimeSpan retryAfter)
        : base(Invariant($"The judge has more than enough to do: {battles:N0} battles wait. Ask again in {retryAfter.TotalSeconds:F0} s."))
    {
        Code = ErrorCode;
        RetryAfter = retryAfter;
    }

    /// <summary>After which time it is worth to ask again.</summary>
    public TimeSpan RetryAfter { get; }
}
