using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tiebreak.Benchmarks;

/// <summary>
/// An encoder of MiniLM's sizes as one would write it with TorchSharp's modules, with padding and a head of three labels: what the training
/// engine is measured against.
/// </summary>
internal sealed class PlainEncoder : nn.Module<Tensor, Tensor>
{
    private const double Share = 0.1; // of dropout

    private readonly Embedding _words = nn.Embedding(RandomMiniLm.Vocabulary, RandomMiniLm.Hidden);
    private readonly Embedding _positions = nn.Embedding(RandomMiniLm.Positions, RandomMiniLm.Hidden);
    private readonly LayerNorm _norm = nn.LayerNorm(RandomMiniLm.Hidden);
    private readonly Dropout _dropout = nn.Dropout(Share);
    private readonly ModuleList<PlainLayer> _layers = new([.. Enumerable.Range(0, RandomMiniLm.Layers).Select(_ => new PlainLayer())]);
    private readonly Linear _pooler = nn.Linear(RandomMiniLm.Hidden, RandomMiniLm.Hidden);
    private readonly Linear _classifier = nn.Linear(RandomMiniLm.Hidden, 3);

    public PlainEncoder()
        : base(nameof(PlainEncoder)) => RegisterComponents();

    /// <summary>The logits of rows: [rows, length] to [rows, 3].</summary>
    public override Tensor forward(Tensor input)
    {
        var hidden = _dropout.forward(_norm.forward(_words.forward(input) + _positions.forward(arange(input.shape[1]))));
        foreach (var layer in _layers)
            hidden = layer.forward(hidden);
        return _classifier.forward(_dropout.forward(_pooler.forward(hidden.select(1, 0)).tanh()));
    }

    private sealed class PlainLayer : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _query = nn.Linear(RandomMiniLm.Hidden, RandomMiniLm.Hidden);
        private readonly Linear _key = nn.Linear(RandomMiniLm.Hidden, RandomMiniLm.Hidden);
        private readonly Linear _value = nn.Linear(RandomMiniLm.Hidden, RandomMiniLm.Hidden);
        private readonly Linear _output = nn.Linear(RandomMiniLm.Hidden, RandomMiniLm.Hidden);
        private readonly Linear _inner = nn.Linear(RandomMiniLm.Hidden, RandomMiniLm.Intermediate);
        private readonly Linear _outer = nn.Linear(RandomMiniLm.Intermediate, RandomMiniLm.Hidden);
        private readonly LayerNorm _attentionNorm = nn.LayerNorm(RandomMiniLm.Hidden);
        private readonly LayerNorm _outputNorm = nn.LayerNorm(RandomMiniLm.Hidden);
        private readonly Dropout _dropout = nn.Dropout(Share);

        public PlainLayer()
            : base(nameof(PlainLayer)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var (query, key, value) = (Heads(_query, input), Heads(_key, input), Heads(_value, input)); // [rows, heads, length, size]
            var scores = query.matmul(key.transpose(2, 3)) / Math.Sqrt(query.shape[3]);
            var mixed = _dropout.forward(scores.softmax(3)).matmul(value).transpose(1, 2).reshape(input.shape);
            var attended = _attentionNorm.forward(input + _dropout.forward(_output.forward(mixed)));
            var fed = _outer.forward(nn.functional.gelu(_inner.forward(attended)));
            return _outputNorm.forward(attended + _dropout.forward(fed));
        }

        private static Tensor Heads(Linear linear, Tensor input) =>
            linear.forward(input).view(input.shape[0], input.shape[1], RandomMiniLm.Heads, -1).transpose(1, 2);
    }
}
