namespace Tiebreak.Ratings.Fitting;

/// <summary>Where Newton's method ended.</summary>
/// <param name="Parameters">Strengths, then the tie parameter if there is one.</param>
/// <param name="Loss">Minus the log-likelihood there, penalty included.</param>
/// <param name="Steps">Steps taken.</param>
internal sealed record NewtonResult(double[] Parameters, double Loss, int Steps);
