using Tiebreak.Core;
using Tiebreak.Core.Randomness;
using Tiebreak.Torch.Quantization;
using TorchSharp;

namespace Tiebreak.Torch.Tests.Quantization;

/// <summary>
/// Random packed weights against the formats' definitions in plain loops and float64; the kernels and libtorch's operators give the same
/// bits.
/// </summary>
public sealed class DequantizeTests
{
    private static readonly int[] AwqOrder = [0, 2, 4, 6, 1, 3, 5, 7];

    private SeededRandom _random = new(4);

    public DequantizeTests() => TorchRuntime.Start();

    [Theory]
    [InlineData(16, 8, 16)]
    [InlineData(96, 40, 32)]
    [InlineData(512, 264, 128)]
    public void Awq(int inputs, int outputs, int groupSize)
    {
        var (words, zeros) = (Words(inputs * outputs / 8), Words(inputs / groupSize * outputs / 8));
        var scales = Scales(inputs / groupSize * outputs);
        using var packed = new GroupedWeight(
            torch.tensor(words, [inputs, outputs / 8]), torch.tensor(zeros, [inputs / groupSize, outputs / 8]),
            torch.tensor(scales, [inputs / groupSize, outputs]), groupOfInput: null, NibbleOrder.Awq, bits: 4, groupSize, zeroOffset: 0);
        Check(packed, outputs, inputs, (output, input) =>
        {
            var (group, nibble) = (input / groupSize, Array.IndexOf(AwqOrder, output % 8));
            var number = Nibble(words[(input * outputs / 8) + (output / 8)], nibble);
            return (number - Nibble(zeros[(group * outputs / 8) + (output / 8)], nibble)) * (double)scales[(group * outputs) + output];
        });
    }

    [Theory]
    [InlineData(4, false, 1)]
    [InlineData(4, true, 1)]
    [InlineData(8, false, 0)]
    [InlineData(8, true, 1)]
    public void Gptq(int bits, bool actOrder, int zeroOffset)
    {
        const int inputs = 72, outputs = 24, groupSize = 32; // the last group has 8 inputs
        var (perWord, groups) = (32 / bits, 3);
        var (words, zeros, scales) = (Words(inputs * outputs / perWord), Words(groups * outputs / perWord), Scales(groups * outputs));
        var groupOf = Enumerable.Range(0, inputs).Select(input => actOrder ? _random.Next(groups) : input / groupSize).ToArray();
        using var packed = new GroupedWeight(
            torch.tensor(words, [inputs / perWord, outputs]), torch.tensor(zeros, [groups, outputs / perWord]),
            torch.tensor(scales, [groups, outputs]),
            actOrder ? torch.tensor(groupOf) : null, NibbleOrder.Gptq, bits, groupSize, zeroOffset);
        Check(packed, outputs, inputs, (output, input) =>
        {
            var group = groupOf[input];
            var number = Field(words[(input / perWord * outputs) + output], input % perWord, bits);
            return (number - Field(zeros[(group * outputs / perWord) + (output / perWord)], output % perWord, bits) - zeroOffset)
                * (double)scales[(group * outputs) + output];
        });
    }

    [Theory]
    [InlineData(64, 64, false)]
    [InlineData(30, 70, false)] // 2,100 numbers: 32 blocks and a part of one
    [InlineData(64, 1100, true)] // 1,100 blocks in five blocks of blocks
    public void Codebook(int outputs, int inputs, bool nested)
    {
        const int blockSize = 64;
        var blocks = ((outputs * inputs) + blockSize - 1) / blockSize;
        var bytes = Enumerable.Range(0, outputs * inputs / 2).Select(_ => (byte)_random.Next(256)).ToArray();
        var (outer, map) = (Scales((blocks + 255) / 256), Scales(256));
        var codes = Enumerable.Range(0, blocks).Select(_ => (byte)_random.Next(256)).ToArray();
        var plain = Scales(blocks);
        var scales = nested
            ? new BlockScales(torch.tensor(codes), torch.tensor(map), torch.tensor(outer), 256, 0.25)
            : new BlockScales(torch.tensor(plain));
        using var packed = new CodebookWeight(outputs, inputs, torch.tensor(bytes), torch.tensor([.. Nf4.Table]), scales, blockSize);
        Check(packed, outputs, inputs, (output, input) =>
        {
            var place = (output * inputs) + input;
            var block = place / blockSize;
            var scale = nested ? ((double)map[codes[block]] * outer[block / 256]) + 0.25 : plain[block];
            return Nf4.Table[place % 2 == 0 ? bytes[place / 2] >> 4 : bytes[place / 2] & 15] * scale;
        });
    }

    [Fact]
    public void A_group_that_does_not_exist_is_refused()
    {
        var exception = Assert.Throws<InputException>(() => new GroupedWeight(
            torch.zeros([1, 8], torch.ScalarType.Int32), torch.zeros([1, 1], torch.ScalarType.Int32), torch.zeros(1, 8),
            torch.tensor([0, 0, 0, 1, 0, 0, 0, 0]), NibbleOrder.Gptq, bits: 4, groupSize: 8, zeroOffset: 1));
        Assert.Contains("names groups from 0 to 1, but there are 1 groups", exception.Message, StringComparison.Ordinal);
    }

    private static void Check(QuantizedWeight packed, int outputs, int inputs, Func<int, int, double> expected)
    {
        using var scope = torch.NewDisposeScope();
        var kernels = packed.Dequantize(torch.ScalarType.Float32, useKernels: true);
        var operators = packed.Dequantize(torch.ScalarType.Float32, useKernels: false);
        Assert.Equal([outputs, inputs], kernels.shape);
        Assert.True(kernels.eq(operators).all().item<bool>());
        var values = kernels.contiguous().data<float>().ToArray();
        for (var output = 0; output < outputs; output++)
        {
            for (var input = 0; input < inputs; input++)
            {
                var wanted = expected(output, input);
                Assert.Equal(wanted, values[(output * inputs) + input], Math.Max(1e-7, 3e-7 * Math.Abs(wanted)));
            }
        }
    }

    private static int Nibble(int word, int place) => Field(word, place, 4);

    private static int Field(int word, int place, int bits) => (int)((uint)word >> (place * bits)) & ((1 << bits) - 1);

    private int[] Words(int count)
    {
        var words = new int[count];
        for (var i = 0; i < count; i++)
            words[i] = (_random.Next(1 << 16) << 16) | _random.Next(1 << 16);
        return words;
    }

    private float[] Scales(int count)
    {
        var scales = new float[count];
        for (var i = 0; i < count; i++)
            scales[i] = (float)(0.01 + _random.NextDouble());
        return scales;
    }
}
