using Tiebreak.Core;
using Tiebreak.Core.Numerics;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Uncertainty;

namespace Tiebreak.Ratings.Diagnostics;

/// <summary>
/// How many more votes, on which pairs, make every model's interval at most so wide. Votes are given out little by little, each time to the
/// pair with which the intervals that are still too wide shrink most (greedy A-optimal design, Chernoff 1953; the covariance is updated by
/// Sherman and Morrison 1950). What a vote tells is its expected Fisher information where the ratings are now. A robust or a judged
/// covariance is wider or narrower than the model's own by a factor of each model, which is taken to stay as it is.
/// </summary>
internal sealed class VotePlan
{
    private const int MostModels = 400; // the time grows with the third power

    // A pair gets at once this part of what the worst interval still lacks.
    private const double PartOfNeed = 0.2;

    private VotePlan(IReadOnlyList<PlannedPair> pairs, IReadOnlyList<PlannedWidth> widths) => (Pairs, Widths) = (pairs, widths);

    /// <summary>The pairs that should meet, most votes first.</summary>
    public IReadOnlyList<PlannedPair> Pairs { get; }

    /// <summary>The models in the order of the leaderboard, and how wide their intervals are and would be.</summary>
    public IReadOnlyList<PlannedWidth> Widths { get; }

    /// <summary>Votes to collect.</summary>
    public long Votes => Pairs.Sum(pair => pair.Votes);

    /// <summary>Plans.</summary>
    /// <param name="board">A leaderboard with a fit.</param>
    /// <param name="options">How it was made: level and anchor count.</param>
    /// <param name="targetWidth">Points from the lower to the upper end of an interval, above 0.</param>
    /// <param name="gain">How many times more a new vote tells than the votes so far; 1 unless a judge is asked about more battles.</param>
    /// <exception cref="InputException">There are too many models.</exception>
    public static VotePlan Of(Leaderboard board, LeaderboardOptions options, double targetWidth, double gain = 1)
    {
        var fit = board.Fit ?? throw new ArgumentException("Only ratings that were fitted can be planned for.", nameof(board));
        var models = fit.Counts.Models;
        if (models.Count > MostModels)
        {
            throw new InputException(
                $"Votes can be planned for up to {MostModels} models; these are {models.Count:N0}. Leave some out with `exclude`.")
            {
                Parameters = ["exclude"],
            };
        }

        var covariance = ModelCovariance.Of(fit, options.Threads).RelativeTo(models.Count, options.Anchor.PlaceIn(models));
        var entries = board.Entries.ToDictionary(entry => entry.Model, StringComparer.Ordinal);
        double[] now = [.. models.Select(model => entries[model].Interval.Upper - entries[model].Interval.Lower)];

        // The variance at which a model's interval is as wide as asked for; none for an anchored model, which has no interval.
        double[] limits =
        [
            .. now.Select((width, i) =>
                width > 0 ? covariance[i, i] * targetWidth * targetWidth / (width * width) : double.PositiveInfinity),
        ];
        var design = new Design(covariance, limits, (one, other) => gain * fit.Information(one, other));
        var votes = design.Run();
        return new VotePlan(
            [
                .. votes.Select(pair => new PlannedPair(
                        models[pair.Key.One], models[pair.Key.Other],
                        fit.Counts.PairOf(pair.Key.One, pair.Key.Other) is var place and >= 0 ? fit.Counts.VotesOf(place) : 0, pair.Value))
                    .OrderByDescending(pair => pair.Votes)
                    .ThenBy(pair => pair.One, StringComparer.Ordinal).ThenBy(pair => pair.Other, StringComparer.Ordinal),
            ],
            [
                .. models.Select((model, i) => new PlannedWidth(
                        model, now[i], now[i] > 0 ? targetWidth * Math.Sqrt(design.Variance(i) / limits[i]) : 0))
                    .OrderBy(width => entries[width.Model].Rank).ThenBy(width => width.Model, StringComparer.Ordinal),
            ]);
    }

    /// <summary>The greedy search; the covariance is changed as votes are given out.</summary>
    private sealed class Design
    {
        private readonly int _models;
        private readonly SquareMatrix _covariance;
        private readonly double[] _limits;
        private readonly double[,] _information;
        private readonly double[] _weights; // of models whose intervals are too wide; 0 for others
        private readonly SquareMatrix _spread; // covariance · diagonal of weights · covariance: what a pair can take away

        public Design(SquareMatrix covariance, double[] limits, Func<int, int, double> information)
        {
            (_models, _covariance, _limits) = (limits.Length, covariance, limits);
            _information = new double[_models, _models];
            _weights = new double[_models];
            _spread = new SquareMatrix(covariance.Size);
            for (var i = 0; i < _models; i++)
            {
                for (var j = 0; j < i; j++)
                    _information[i, j] = information(i, j);
                if (covariance[i, i] > limits[i])
                    Count(i, 1 / limits[i]);
            }
        }

        public double Variance(int model) => _covariance[model, model];

        public Dictionary<(int One, int Other), long> Run()
        {
            var votes = new Dictionary<(int One, int Other), long>();
            while (WorstNeed() is > 0 and var need)
            {
                var (one, other) = BestPair();
                var information = _information[one, other];
                var part = (long)Math.Ceiling(PartOfNeed * need / information);
                votes[(one, other)] = votes.GetValueOrDefault((one, other)) + part;
                Give(one, other, part * information);
            }

            return votes;
        }

        // The information that the worst model lacks.
        private double WorstNeed()
        {
            var need = 0.0;
            for (var i = 0; i < _models; i++)
            {
                if (_weights[i] > 0)
                    need = Math.Max(need, (1 / _limits[i]) - (1 / Variance(i)));
            }

            return need;
        }

        private (int One, int Other) BestPair()
        {
            var (best, most) = ((0, 0), double.NegativeInfinity);
            for (var i = 0; i < _models; i++)
            {
                var spread = _spread.Row(i);
                var covariance = _covariance.Row(i);
                for (var j = 0; j < i; j++)
                {
                    var information = _information[i, j];
                    var narrowing = information * (spread[i] + _spread[j, j] - (2 * spread[j]))
                        / (1 + (information * (covariance[i] + _covariance[j, j] - (2 * covariance[j]))));
                    if (narrowing > most)
                        (best, most) = ((i, j), narrowing);
                }
            }

            return best;
        }

        // Sherman and Morrison: the inverse covariance grows by information · z zᵀ with z = 1 for one and -1 for the other.
        private void Give(int one, int other, double information)
        {
            var along = new double[_models]; // covariance · z
            for (var k = 0; k < _models; k++)
                along[k] = _covariance[k, one] - _covariance[k, other];
            var factor = information / (1 + (information * (along[one] - along[other])));
            var spread = new double[_models]; // the spread's change in the direction of z
            var square = 0.0;
            for (var k = 0; k < _models; k++)
            {
                spread[k] = _spread[k, one] - _spread[k, other];
                square += _weights[k] * along[k] * along[k];
            }

            for (var i = 0; i < _models; i++)
            {
                SquareMatrix.AddScaled(_spread.Row(i)[.._models], along, (factor * factor * square * along[i]) - (factor * spread[i]));
                SquareMatrix.AddScaled(_spread.Row(i)[.._models], spread, -factor * along[i]);
                SquareMatrix.AddScaled(_covariance.Row(i)[.._models], along, -factor * along[i]);
            }

            for (var k = 0; k < _models; k++)
            {
                if (_weights[k] > 0 && Variance(k) <= _limits[k])
                    Count(k, -_weights[k]);
            }
        }

        private void Count(int model, double weight)
        {
            _weights[model] += weight;
            for (var i = 0; i < _models; i++)
                SquareMatrix.AddScaled(_spread.Row(i), _covariance.Row(model), weight * _covariance[i, model]);
        }
    }
}

/// <summary>Votes to collect on a pair.</summary>
/// <param name="One">A model.</param>
/// <param name="Other">Another.</param>
/// <param name="Battles">How often they have met.</param>
/// <param name="Votes">Votes to collect.</param>
internal sealed record PlannedPair(string One, string Other, int Battles, long Votes);

/// <summary>The width of a model's interval, in points from the lower to the upper end.</summary>
/// <param name="Model">The model.</param>
/// <param name="Now">As it is; 0 for an anchored model.</param>
/// <param name="Then">As it would be.</param>
internal sealed record PlannedWidth(string Model, double Now, double Then);
