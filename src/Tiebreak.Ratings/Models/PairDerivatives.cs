namespace Tiebreak.Ratings.Models;

/// <summary>
/// Minus the log-likelihood of a pair's votes with its first and second derivatives by the strength of the first model (a), of the second
/// (b), and the tie parameter (t). Values are added to.
/// </summary>
internal struct PairDerivatives
{
    public double Loss;
    public double A;
    public double B;
    public double T;
    public double AA;
    public double AB;
    public double BB;
    public double AT;
    public double BT;
    public double TT;

    /// <summary>Adds derivatives by the difference d = a - b, on which most models depend alone.</summary>
    public void AddDifference(double loss, double d, double dd, double t = 0, double dt = 0, double tt = 0)
    {
        Loss += loss;
        A += d;
        B -= d;
        T += t;
        AA += dd;
        AB -= dd;
        BB += dd;
        AT += dt;
        BT -= dt;
        TT += tt;
    }
}
