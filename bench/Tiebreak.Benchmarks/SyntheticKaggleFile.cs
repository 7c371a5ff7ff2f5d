using System.Globalization;
using System.Text;

namespace Tiebreak.Benchmarks;

/// <summary>
/// A file with the shape of the competition's <c>train.csv</c>: 57,477 rows, about 184 MB, the same distribution of turns and lengths,
/// the same density of escapes (all of it ASCII, as there), markdown, code, other scripts as <c>\uXXXX</c>, nulls, lone surrogates; words
/// as in <see cref="SyntheticVocabulary"/>. Verdicts are drawn from probabilities that depend on strengths of the models, lengths, markup
/// and words, with as much chance as people's have, so that what learns from the file works as long as on votes; what it learns means
/// nothing. The same arguments give the same bytes.
/// </summary>
public sealed class SyntheticKaggleFile
{
    public const int CompetitionRows = 57_477;

    private const string Header = "id,model_a,model_b,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie\n";
    private const int Models = 64;

    // Share of battles with 1, 2, 3... turns.
    private static readonly double[] Turns = [0.869, 0.082, 0.025, 0.011, 0.006, 0.003, 0.002, 0.001, 0.001];
    private static readonly string[] Labels = ["1,0,0", "0,1,0", "0,0,1"];

    private readonly Random _random;
    private readonly SyntheticText _text;
    private readonly StringBuilder _row = new();

    private SyntheticKaggleFile(int seed)
    {
        _random = new Random(seed);
        _text = new SyntheticText(_random);
    }

    /// <summary>Writes the file.</summary>
    public static void Write(string path, int rows = CompetitionRows, int seed = 1)
    {
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 20);
        writer.Write(Header);
        var file = new SyntheticKaggleFile(seed);
        long id = 30_192;
        for (var i = 0; i < rows; i++)
        {
            writer.Write(file.Row(id));
            id += file._random.Next(1, 149_000);
        }
    }

    /// <summary>Writes the file for the command line.</summary>
    public static int WriteFile(string path, int rows, int seed)
    {
        Write(path, rows, seed);
        return 0;
    }

    private StringBuilder Row(long id)
    {
        var turns = 1;
        for (var draw = _random.NextDouble() - Turns[0]; draw > 0 && turns < Turns.Length; turns++)
            draw -= Turns[turns];

        var (modelA, modelB) = (_random.Next(Models), _random.Next(Models));
        _text.Language = _random.NextDouble() < 0.965 ? 0 : _random.Next(1, SyntheticText.Languages);
        _row.Clear();
        _row.Append(CultureInfo.InvariantCulture, $"{id},model-{modelA},model-{modelB},");
        _text.Formatting = 0.2;
        Cell(turns, 4.6, 1.45, nulls: 0.0001);
        var (a, b) = (Response(modelA, turns), Response(modelB, turns));
        return _row.Append(Verdict(a - b)).Append('\n');
    }

    /// <summary>Writes a response in the model's style.</summary>
    /// <returns>How good people find it.</returns>
    private double Response(int model, int turns)
    {
        // Strong models write longer and format more, like those of the Arena, but not always.
        var strength = (model - (Models / 2.0)) / Models;
        _text.Formatting = Math.Clamp(0.5 + (0.5 * strength) + (0.25 * Normal()), 0, 1);
        var (start, words, signs, taste) = (_row.Length, _text.Words, _text.MarkupSigns, _text.Taste);
        Cell(turns, 6.42 + (0.6 * strength), 1.08, nulls: 0.001);
        return (1.2 * strength) + (0.35 * Math.Log(_row.Length - start)) + (0.12 * Math.Log(1 + _text.MarkupSigns - signs))
            + (1.6 * (_text.Taste - taste) / Math.Sqrt(1 + _text.Words - words));
    }

    private string Verdict(double difference)
    {
        var (a, b, tie) = (Math.Exp(0.6 * difference), Math.Exp(-0.6 * difference), Math.Exp(0.05 - (0.15 * Math.Abs(difference))));
        var draw = _random.NextDouble() * (a + b + tie);
        return Labels[draw < a ? 0 : draw < a + b ? 1 : 2];
    }

    /// <summary>A JSON list of texts with log-normal lengths, quoted for CSV.</summary>
    private void Cell(int turns, double mu, double sigma, double nulls)
    {
        _row.Append("\"[");
        for (var turn = 0; turn < turns; turn++)
        {
            if (turn > 0)
                _row.Append(',');
            if (_random.NextDouble() < nulls)
            {
                _row.Append("null");
                continue;
            }

            var length = Math.Exp(mu + (sigma * Normal()));
            _row.Append("\"\"");
            _text.Append(_row, (int)Math.Min(length, 60_000));
            _row.Append("\"\"");
        }

        _row.Append("]\",");
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
