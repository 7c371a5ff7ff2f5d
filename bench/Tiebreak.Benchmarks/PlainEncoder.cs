using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tiebreak.Benchmarks;

/// <summary>
/// MiniLM as one writes it with the modules of TorchSharp, in float32, with random weights: padded batches, scores and shares of attention
/// as tensors of their own, dropout of 0.1, and TorchSharp's AdamW. What a training loop without an engine takes.
/// </summary>
#pragma warning disable RS0030 // TorchSharp's own arithmetic is what is measured.
internal sealed class PlainEncoder : nn.Module<Tensor, Tensor>
{
    private const int Vocabulary = 30522;
    private const int Size = 384;
    private const int Heads = 12;
    private const int Layers = 6;
    private const int Positions = 512;
    private const double Dropped = 0.1;

    private readonly Embedding _words = nn.Embedding(Vocabulary, Size);
    private readonly Embedding _positions = nn.Embedding(Positions, Size);
    private readonly Embedding _types = nn.Embedding(2, Size);
    private readonly LayerNorm _norm = nn.LayerNorm(Size);
    private readonly Dropout _dropout = nn.Dropout(Dropped);
    private readonly ModuleList<nn.Module<Tensor, Tensor>> _layers = new(
        [.. Enumerable.Range(0, Layers).Select(_ => (nn.Module<Tensor, Tensor>)new Layer())]);

    private readonly Linear _pooler = nn.Linear(Size, Size);
    private readonly Linear _classifier = nn.Linear(Size, 3);
    private readonly optim.Optimizer _optimiser;

    public PlainEncoder()
        : base(nameof(PlainEncoder))
    {
        RegisterComponents();
        _optimiser = optim.AdamW(parameters(), lr: 3e-5);
    }

    /// <summary>Token ids [texts, tokens] to logits [texts, 3].</summary>
    public override Tensor forward(Tensor ids)
    {
        var hidden = _words.forward(ids) + _positions.forward(arange(ids.shape[1])) + _types.forward(zeros_like(ids));
        hidden = _dropout.forward(_norm.forward(hidden));
        foreach (var layer in _layers)
            hidden = layer.forward(hidden);
        return _classifier.forward(_dropout.forward(_pooler.forward(hidden.select(1, 0)).tanh()));
    }

    /// <summary>One step: forward, backward, optimiser.</summary>
    public void Learn(Tensor ids, Tensor labels)
    {
        using var scope = NewDisposeScope();
        _optimiser.zero_grad();
        nn.functional.cross_entropy(forward(ids), labels).backward();
        _ = nn.utils.clip_grad_norm_(parameters(), 1);
        _ = _optimiser.step();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _optimiser.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Layer : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _query = nn.Linear(Size, Size);
        private readonly Linear _key = nn.Linear(Size, Size);
        private readonly Linear _value = nn.Linear(Size, Size);
        private readonly Linear _output = nn.Linear(Size, Size);
        private readonly LayerNorm _first = nn.LayerNorm(Size);
        private readonly Linear _wide = nn.Linear(Size, 4 * Size);
        private readonly Linear _narrow = nn.Linear(4 * Size, Size);
        private readonly LayerNorm _second = nn.LayerNorm(Size);
        private readonly Dropout _dropout = nn.Dropout(Dropped);

        public Layer()
            : base(nameof(Layer)) => RegisterComponents();

        public override Tensor forward(Tensor hidden)
        {
            var (query, key, value) = (Split(_query.forward(hidden)), Split(_key.forward(hidden)), Split(_value.forward(hidden)));
            var scores = query.matmul(key.transpose(-1, -2)) / Math.Sqrt(Size / (double)Heads);
            var attended = _dropout.forward(scores.softmax(-1)).matmul(value).transpose(1, 2).reshape(hidden.shape);
            hidden = _first.forward(hidden + _dropout.forward(_output.forward(attended)));
            return _second.forward(
                hidden + _dropout.forward(_narrow.forward(nn.functional.gelu(_wide.forward(hidden)))));
        }

        // [texts, heads, tokens, size]
        private static Tensor Split(Tensor states) =>
            states.view(states.shape[0], states.shape[1], Heads, Size / Heads).transpose(1, 2);
    }
}
