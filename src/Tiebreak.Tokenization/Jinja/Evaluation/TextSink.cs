using System.Text;

namespace Tiebreak.Tokenization.Jinja.Evaluation;

/// <summary>Takes text piece by piece, within the bounds of a rendering.</summary>
internal sealed class TextSink(Meter meter)
{
    private readonly StringBuilder _text = new();

    public bool IsEmpty => _text.Length == 0;

    public void Write(string piece)
    {
        meter.CreateText(piece.Length);
        _text.Append(piece);
    }

    public override string ToString() => _text.ToString();
}
