using Tiebreak.Torch.Kernels;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Kernels;

/// <summary>Attention in one pass against its definition, with each kind of instructions that the processor has.</summary>
public sealed class AttentionKernelTests
{
    private const float Scale = 0.3f;
    private const float Cap = 1.5f;
    private const double Rounding = 2.0 / 256; // shares and results are rounded to bfloat16, each by at most a 256th

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
    [InlineData(70, 1100, 6, 2, 32, true, 600)] // several blocks of keys
    [InlineData(50, 530, 2, 1, 96, false, null)]
    [InlineData(20, 20, 2, 1, 256, true, null)]
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
                foreach (var attend in Ways(type))
                {
                    var actual = torch.empty([queries, heads * dim], type);
                    attend([new AttentionSequence(typedQuery, typedKey, typedValue, view, actual, added)], cap);
                    RowKernelTests.Equal(expected, actual, type is torch.ScalarType.BFloat16 ? Rounding : 8e-6);
                }
            }
        }
    }

    [Theory]
    [InlineData(100, 41, 50, 30)]
    [InlineData(1200, 601, 513, 200)]
    public void What_a_token_gets_has_the_same_bits_whatever_is_computed_with_it(int length, int first, int prefix, int width)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(9);
        foreach (var type in new[] { torch.ScalarType.Float32, torch.ScalarType.BFloat16 })
        {
            var query = Random(generator, length, 6, 32).to(type);
            var (key, value) = (Random(generator, length, 2, 32).to(type), Random(generator, length, 2, 32).to(type));
            foreach (var attend in Ways(type))
            {
                foreach (int? window in new int?[] { null, width })
                {
                    var rest = length - first;
                    torch.Tensor whole = Output(length), end = Output(rest), last = Output(1), beginning = Output(prefix);
                    attend([new AttentionSequence(query, key, value, View(0), whole)], null);
                    attend(
                        [
                            new AttentionSequence(query.narrow(0, first, rest), key, value, View(first), end),
                            new AttentionSequence(query.narrow(0, length - 1, 1), key, value, View(length - 1), last),
                            new AttentionSequence(
                                query.narrow(0, 0, prefix), key.narrow(0, 0, prefix), value.narrow(0, 0, prefix), View(0), beginning),
                        ],
                        null);
                    Assert.True(end.Equals(whole.narrow(0, first, rest)));
                    Assert.True(last.Equals(whole.narrow(0, length - 1, 1)));
                    Assert.True(beginning.Equals(whole.narrow(0, 0, prefix)));

                    AttentionView View(int position) => new(position, IsCausal: true, window);
                }
            }

            torch.Tensor Output(int tokens) => torch.empty([tokens, 192], type);
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
        var before = torch.get_num_threads();
        foreach (var type in new[] { torch.ScalarType.Float32, torch.ScalarType.BFloat16 })
        {
            var query = Random(generator, 130, 4, 32).to(type);
            var (key, value) = (Random(generator, 130, 2, 32).to(type), Random(generator, 130, 2, 32).to(type));
            foreach (var attend in Ways(type))
            {
                torch.Tensor expected = torch.empty([130, 128], type), actual = torch.empty([130, 128], type);
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

            AttentionSequence Sequence(torch.Tensor output) =>
                new(query, key, value, new AttentionView(0, IsCausal: true, Window: 50), output);
        }
    }

    [Fact]
    public void A_number_that_is_none_stays_visible_to_those_who_see_it()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(11);
        foreach (var type in new[] { torch.ScalarType.Float32, torch.ScalarType.BFloat16 })
        {
            var query = Random(generator, 40, 1, 16).to(type);
            var (key, value) = (Random(generator, 40, 1, 16).to(type), Random(generator, 40, 1, 16).to(type));
            key[20, 0, 3] = float.NaN;
            foreach (var attend in Ways(type))
            {
                foreach (float? cap in new float?[] { null, Cap })
                {
                    var output = torch.empty([40, 16], type);
                    attend([new AttentionSequence(query, key, value, new AttentionView(0, IsCausal: true, Window: null), output)], cap);
                    Assert.False(output.narrow(0, 0, 20).isnan().any().item<bool>());
                    Assert.True(output.narrow(0, 20, 20).isnan().all().item<bool>());
                }
            }
        }
    }

    [Fact]
    public void Large_and_equal_scores_are_shared_out_as_small_ones_are()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(12);
        var view = new AttentionView(0, IsCausal: false, Window: null);
        foreach (var type in new[] { torch.ScalarType.Float32, torch.ScalarType.BFloat16 })
        {
            var value = Random(generator, 70, 1, 16).to(type);
            foreach (var size in new[] { 0f, 40, 1e4f }) // scores of up to some 1e9
            {
                var (query, key) = ((Random(generator, 70, 1, 16) * size).to(type), (Random(generator, 70, 1, 16) * size).to(type));
                var expected = ByDefinition(query, key, value, view, cap: null, bias: null);
                foreach (var attend in Ways(type))
                {
                    var actual = torch.empty([70, 16], type);
                    attend([new AttentionSequence(query, key, value, view, actual)], null);
                    RowKernelTests.Equal(expected, actual, type is torch.ScalarType.BFloat16 ? Rounding : 1e-5);
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(70, 130)]
    [InlineData(300, 300)]
    public void Relative_positions_add_to_the_scores_of_queries_and_of_keys(int queries, int length)
    {
        Assert.SkipUnless(BFloat16Attention.IsSupported, "There are no products of bfloat16 here.");
        const int heads = 3, dim = 32, span = 90;
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(13);
        var type = torch.ScalarType.BFloat16;
        var query = Random(generator, queries, heads, dim).to(type);
        var (key, value) = (Random(generator, length, heads, dim).to(type), Random(generator, length, heads, dim).to(type));
        var (asKeys, asQueries) = (Random(generator, 2 * span, heads, dim).to(type), Random(generator, 2 * span, heads, dim).to(type));
        var view = new AttentionView(length - queries, IsCausal: false, Window: null);

        // Distances are clamped to the table, and every second one beyond 40 has the row of the one before.
        int[] rows = [.. Enumerable.Range(0, (2 * length) - 1).Select(i => length - 1 - i)
            .Select(distance => Math.Abs(distance) <= 40 ? distance : Math.Sign(distance) * (40 + ((Math.Abs(distance) - 40) / 2)))
            .Select(row => Math.Clamp(row + span, 0, (2 * span) - 1))];
        var firstRow = rows.Min();
        var columns = new DistanceColumns(Array.ConvertAll(rows, row => row - firstRow), rows.Max() - firstRow + 1);
        Assert.True(AttentionKernel.TakesPositions(query, columns));
        var positions = new AttentionPositions(
            asKeys.narrow(0, firstRow, columns.Count), asQueries.narrow(0, firstRow, columns.Count), columns);

        var places = torch.tensor(
            [.. Enumerable.Range(view.Position, queries)
                .SelectMany(place => Enumerable.Range(0, length).Select(other => (long)rows[length - 1 - place + other]))],
            [1, queries, length]).expand(heads, -1, -1);
        var ofQueries = Precise(query).matmul(Precise(asKeys).transpose(1, 2)).gather(2, places);
        var ofKeys = Precise(asQueries).matmul(Precise(key).transpose(1, 2)).gather(1, places);
        var expected = ByDefinition(query, key, value, view, cap: null, bias: (ofQueries + ofKeys) * Scale);
        var actual = Attended(0, queries);
        RowKernelTests.Equal(expected, actual, Rounding);
        if (queries > 20)
            Assert.True(Attended(20, queries - 20).Equals(actual.narrow(0, 20, queries - 20)));
        Assert.Throws<ArgumentException>(() => AttentionKernel.AttendWith<WideTile>(
            [new AttentionSequence(query, key, value, view, torch.empty_like(query), Positions: positions)], Scale, softcap: null));

        torch.Tensor Attended(int first, int count)
        {
            var output = torch.empty([count, heads * dim], type);
            AttentionKernel.Attend(
                [new AttentionSequence(
                    query.narrow(0, first, count), key, value, view with { Position = view.Position + first }, output,
                    Positions: positions)],
                Scale, softcap: null);
            return output;
        }

        static torch.Tensor Precise(torch.Tensor numbers) => numbers.to(torch.ScalarType.Float64).transpose(0, 1);
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

    private static List<Action<IReadOnlyList<AttentionSequence>, float?>> Ways(torch.ScalarType type)
    {
        Assert.SkipUnless(AttentionKernel.IsSupported, "This processor has neither AVX2 nor AVX-512.");
        var ways = new List<Action<IReadOnlyList<AttentionSequence>, float?>>();
        if (NarrowTile.IsSupported)
            ways.Add((sequences, cap) => AttentionKernel.AttendWith<NarrowTile>(sequences, Scale, cap));
        if (WideTile.IsSupported)
            ways.Add((sequences, cap) => AttentionKernel.AttendWith<WideTile>(sequences, Scale, cap));
        if (BFloat16Attention.IsSupported && type is torch.ScalarType.BFloat16)
            ways.Add((sequences, cap) => AttentionKernel.AttendInBFloat16(sequences, Scale, cap));
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
