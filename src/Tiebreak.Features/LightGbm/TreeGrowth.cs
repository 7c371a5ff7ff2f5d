namespace Tiebreak.Features.LightGbm;

/// <summary>A booster while its trees are grown, round by round. One thread at a time.</summary>
internal sealed class TreeGrowth
{
    private readonly BoosterHandle _handle;
    private readonly IBoostingLoss _loss;
    private readonly IBoostingLoss? _validation;
    private readonly int _threads;
    private readonly double[] _scores;
    private readonly double[] _validationScores;
    private readonly float[] _gradient;
    private readonly float[] _hessian;

    /// <param name="handle">The booster, without trees.</param>
    /// <param name="objective">What its trees are grown for.</param>
    /// <param name="rows">Its training rows.</param>
    /// <param name="validation">Its validation rows; null where there are none.</param>
    /// <param name="threads">Threads to use.</param>
    public TreeGrowth(BoosterHandle handle, IBoostingObjective objective, BinnedRows rows, BinnedRows? validation, int threads)
    {
        (_handle, _threads) = (handle, threads);
        (_loss, _validation) = (objective.Of(rows.Labels), validation is null ? null : objective.Of(validation.Labels));
        _scores = new double[rows.Count * objective.Scores];
        _validationScores = new double[(validation?.Count ?? 0) * objective.Scores];
        (_gradient, _hessian) = (new float[_scores.Length], new float[_scores.Length]);
        Booster = new Booster(handle);
    }

    /// <summary>What has grown until now.</summary>
    public Booster Booster { get; }

    /// <summary>Rounds of trees that have grown.</summary>
    public int Rounds { get; private set; }

    /// <summary>True when no leaf can be split any more: there will be no further round.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Grows one round more.</summary>
    public unsafe void Grow()
    {
        ReadScores(dataIndex: 0, _scores);
        _loss.Differentiate(_scores, _gradient, _hessian);
        int isFinished;
        using (LightGbmThreads.Take(_threads))
        {
            fixed (float* g = _gradient, h = _hessian)
                LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterUpdateOneIterCustom(_handle, g, h, out isFinished));
        }

        // LightGBM takes a round without a split away again, unless it is the first.
        IsFinished = isFinished != 0;
        if (!IsFinished || Rounds == 0)
            Rounds++;
    }

    /// <summary>The mean loss on the validation rows after the last round.</summary>
    public double ValidationLoss()
    {
        ReadScores(dataIndex: 1, _validationScores);
        return _validation!.Mean(_validationScores);
    }

    private unsafe void ReadScores(int dataIndex, double[] scores)
    {
        using var turn = LightGbmThreads.Take(_threads);
        fixed (double* result = scores)
            LightGbmLibrary.Check(LightGbmNative.LGBM_BoosterGetPredict(_handle, dataIndex, out _, result));
    }
}
