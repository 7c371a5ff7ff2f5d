using Tiebreak.Torch.Kernels;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Kernels;

/// <summary>Attention in one pass against its definition, with each kind of instructions that the processor has.</summary>
public sealed class AttentionKernelTests
{
    private const float Scale = 0.3f;
    private const float Cap = 1.5f;

    public AttentionKernelTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(1, 1, 1, 1, 16, true, null)]
    [InlineData(7, 7, 4, 2, 32, true, null)]
    [InlineData(90, 90, 6, 2, 64, true, null)]
    [InlineData(40, 75, 4, 1, 16, true, null)] // the end of a sequence
    [InlineData(1, 75, 4, 1, 16, true, null)] // its last token
    [InlineData(90, 90, 8, 8, 80, true, 17)]
    [InlineData(300, 300, 2, 2, 48, true, 40)] // blocks of queries that do not see the first keys
    [InlineData(90, 90, 2, 1, 48, false, 20)]
    [InlineData(65, 65, 3, 3, 32, false, null)]
    [InlineData(33, 33, 50, 1, 16, true, null)] // more heads of one key than a block has rows
    public void Each_query_mixes_what_it_sees(int queries, int length, int heads, int keyHeads, int dim, bool isCausal, int? window)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(8);
        var query = Random(generator, queries, heads, dim);
        var (key, value) = (Random(generator, length, keyHeads, dim), Random(generator, length, keyHeads, dim));
        var bias = Random(generator, heads, queries, length);
        var view = new AttentionView(length - queries, isCausal, window);
        foreach (var type in new[] { torch.ScalarType.Float32, torch.ScalarType.BFloat16 })
        {
            var (typedQuery, typedKey, typedValue) = (query.to(type), key.to(type), value.to(type));
            foreach (var (cap, added) in new[] { (default(float?), default(torch.Tensor)), (Cap, null), (null, bias) })
            {
                var expected = ByDefinition(typedQuery, typedKey, typedValue, view, cap, added);
                foreach (var attend in Ways())
                {
                    var actual = torch.empty([queries, heads * dim], type);
                    attend([new AttentionSequence(typedQuery, typedKey, typedValue, view, actual, added)], cap);
                    RowKernelTests.Equal(expected, actual, type is torch.ScalarType.BFloat16 ? 0.004 : 3e-6);
                }
            }
        }
    }

    [Fact]
    public void What_a_token_gets_has_the_same_bits_whatever_is_computed_with_it()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(9);
        var query = Random(generator, 100, 4, 32);
        var (key, value) = (Random(generator, 100, 2, 32), Random(generator, 100, 2, 32));
        foreach (var attend in Ways())
        {
            foreach (int? window in new int?[] { null, 30 })
            {
                torch.Tensor whole = torch.empty(100, 128), end = torch.empty(59, 128), beginning = torch.empty(50, 128);
                attend([new AttentionSequence(query, key, value, View(0), whole)], null);
                attend(
                    [
                        new AttentionSequence(query.narrow(0, 41, 59), key, value, View(41), end),
                        new AttentionSequence(
                            query.narrow(0, 0, 50), key.narrow(0, 0, 50), value.narrow(0, 0, 50), View(0), beginning),
                    ],
                    null);
                Assert.True(end.Equals(whole.narrow(0, 41, 59)));
                Assert.True(beginning.Equals(whole.narrow(0, 0, 50)));

                AttentionView View(int position) => new(position, IsCausal: true, window);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public void The_number_of_threads_changes_no_bit(int threads)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(10);
        var (query, key, value) = (Random(generator, 130, 4, 32), Random(generator, 130, 2, 32), Random(generator, 130, 2, 32));
        var before = torch.get_num_threads();
        foreach (var attend in Ways())
        {
            torch.Tensor expected = torch.empty(130, 128), actual = torch.empty(130, 128);
            attend([Sequence(expected)], null);
            torch.set_num_threads(threads);
            try
            {
                attend([Sequence(actual)], null);
            }
            finally
            {
                torch.set_num_threads(before);
            }

            Assert.True(actual.Equals(expected));
        }

        AttentionSequence Sequence(torch.Tensor output) => new(query, key, value, new AttentionView(0, IsCausal: true, Window: 50), output);
    }

    [Fact]
    public void A_number_that_is_none_stays_visible_to_those_who_see_it()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(11);
        var (query, key, value) = (Random(generator, 40, 1, 16), Random(generator, 40, 1, 16), Random(generator, 40, 1, 16));
        key[20, 0, 3] = float.NaN;
        foreach (var attend in Ways())
        {
            var output = torch.empty(40, 16);
            attend([new AttentionSequence(query, key, value, new AttentionView(0, IsCausal: true, Window: null), output)], Cap);
            Assert.False(output.narrow(0, 0, 20).isnan().any().item<bool>());
            Assert.True(output.narrow(0, 20, 20).isnan().all().item<bool>());
        }
    }

    [Fact]
    public void Queries_beyond_the_keys_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var (query, key, output) = (torch.zeros(3, 2, 16), torch.zeros(4, 1, 16), torch.zeros(3, 32));
        Refused(new AttentionSequence(query, key, key, new AttentionView(2, IsCausal: true, Window: null), output));
        Refused(new AttentionSequence(query, key, query, new AttentionView(0, IsCausal: true, Window: null), output));
        Refused(new AttentionSequence(query, key, key, new AttentionView(0, IsCausal: true, Window: null), output, torch.zeros(2, 3, 3)));

        static void Refused(AttentionSequence sequence) =>
            Assert.Throws<ArgumentException>(() => AttentionKernel.Attend([sequence], Scale, softcap: null));
    }

    [Fact]
    public void Other_types_and_sizes_are_left_to_the_operators()
    {
        using var scope = torch.NewDisposeScope();
        var heads = torch.randn(3, 2, 16);
        Assert.False(AttentionKernel.Takes(heads, heads, heads)); // gradients may be wanted
        using var mode = torch.inference_mode();
        heads = torch.randn(3, 2, 16);
        Assert.Equal(AttentionKernel.IsSupported, AttentionKernel.Takes(heads, heads, heads));
        var halves = heads.to(torch.ScalarType.BFloat16);
        Assert.Equal(AttentionKernel.IsSupported, AttentionKernel.Takes(halves, halves, halves));
        Assert.False(AttentionKernel.Takes(heads, halves, heads));
        var small = torch.randn(3, 2, 8);
        Assert.False(AttentionKernel.Takes(small, small, small));
    }

    private static List<Action<IReadOnlyList<AttentionSequence>, float?>> Ways()
    {
        Assert.SkipUnless(AttentionKernel.IsSupported, "This processor has neither AVX2 nor AVX-512.");
        var ways = new List<Action<IReadOnlyList<AttentionSequence>, float?>>();
        if (NarrowTile.IsSupported)
            ways.Add((sequences, cap) => AttentionKernel.AttendWith<NarrowTile>(sequences, Scale, cap));
        if (WideTile.IsSupported)
            ways.Add((sequences, cap) => AttentionKernel.AttendWith<WideTile>(sequences, Scale, cap));
        return ways;
    }

    private static torch.Tensor ByDefinition(
        torch.Tensor query, torch.Tensor key, torch.Tensor value, AttentionView view, float? cap, torch.Tensor? bias)
    {
        var distances = (torch.arange(query.shape[0]) + view.Position).unsqueeze(1) - torch.arange(key.shape[0]);
        var hidden = torch.zeros_like(distances).to(torch.ScalarType.Bool);
        if (view.IsCausal)
            hidden = hidden.logical_or(distances < 0);
        if (view.Window is { } width)
            hidden = hidden.logical_or(distances.abs() >= width);
        var (keys, values) = (Repeated(key), Repeated(value)); // [heads, length, dim]
        var scores = query.to(torch.ScalarType.Float64).transpose(0, 1).matmul(keys.transpose(1, 2)) * Scale;
        if (bias is not null)
            scores = scores.add(bias);
        if (cap is { } c)
            scores = (scores / c).tanh() * c;
        return scores.masked_fill(hidden, double.NegativeInfinity).softmax(-1).matmul(values).transpose(0, 1).flatten(1);

        torch.Tensor Repeated(torch.Tensor rows) =>
            rows.to(torch.ScalarType.Float64).repeat_interleave(query.shape[1] / rows.shape[1], 1).transpose(0, 1);
    }

    private static torch.Tensor Random(torch.Generator generator, params long[] shape) => torch.randn(shape, generator: generator);
}
