using Tiebreak.Core;
using Tiebreak.Torch.Operators;
using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>
/// Whole numbers with a scale and a zero for each output and group of inputs: (q - zero) * scale. AWQ (https://arxiv.org/abs/2306.00978)
/// and GPTQ (https://arxiv.org/abs/2210.17323) differ in how they lie in words, and in how a group's inputs are chosen.
/// </summary>
internal sealed class GroupedWeight : QuantizedWeight
{
    private const int WordBits = 32;

    // The lowest bit of outputs 0 to 7 in a word of AWQ.
    private static readonly int[] AwqShifts = [0, 16, 4, 20, 8, 24, 12, 28];

    private readonly NibbleOrder _order;
    private readonly int _bits;
    private readonly int _groupSize;
    private readonly int _zeroOffset;

    /// <summary>Takes the tensors over.</summary>
    /// <param name="words">int32: AWQ [inputs, outputs * bits / 32], GPTQ [inputs * bits / 32, outputs].</param>
    /// <param name="zeros">int32 [groups, outputs * bits / 32].</param>
    /// <param name="scales">[groups, outputs].</param>
    /// <param name="groupOfInput">int32 [inputs]: the group of each input (GPTQ with act-order); null: consecutive inputs.</param>
    /// <param name="order">How numbers lie in words.</param>
    /// <param name="bits">4, or 8 with <see cref="NibbleOrder.Gptq"/>.</param>
    /// <param name="groupSize">Inputs of a group.</param>
    /// <param name="zeroOffset">Added to stored zeros: GPTQ's first format stores them less one.</param>
    /// <exception cref="InputException">An input's group does not exist.</exception>
    public GroupedWeight(
        torch.Tensor words, torch.Tensor zeros, torch.Tensor scales, torch.Tensor? groupOfInput, NibbleOrder order, int bits,
        int groupSize, int zeroOffset)
        : base((int)scales.shape[1], (int)(order is NibbleOrder.Awq ? words.shape[0] : words.shape[0] * WordBits / bits))
    {
        (Words, Zeros, Scales) = (Own(words), Own(zeros), Own(scales));
        GroupOfInput = groupOfInput is null ? null : Own(groupOfInput);
        (_order, _bits, _groupSize, _zeroOffset) = (order, bits, groupSize, zeroOffset);
        if (groupOfInput is not null && groupOfInput.device_type is not DeviceType.META)
            CheckGroups(groupOfInput, scales.shape[0]);
    }

    /// <summary>The words, as they are stored.</summary>
    public torch.Tensor Words { get; }

    /// <summary>The zeros, as they are stored.</summary>
    public torch.Tensor Zeros { get; }

    /// <summary>The scales, as they are stored.</summary>
    public torch.Tensor Scales { get; }

    /// <summary>The group of each input; null: consecutive inputs.</summary>
    public torch.Tensor? GroupOfInput { get; }

    /// <inheritdoc/>
    protected override torch.Tensor WithOperators()
    {
        var values = _order is NibbleOrder.Awq
            ? Fields(Words.unsqueeze(2), Shifts(AwqShifts)).flatten(1)
            : Fields(Words.unsqueeze(1), Shifts(Consecutive).unsqueeze(1)).flatten(0, 1); // [inputs, outputs]
        var groups = GroupOfInput ?? TensorArithmetic.Range(0, Inputs, type: torch.ScalarType.Int32, device: Words.device)
            .FloorDivide(_groupSize).to(torch.ScalarType.Int32);
        var scales = Scales.to(torch.ScalarType.Float32).index_select(0, groups);
        return values.sub(UnpackZeros().index_select(0, groups)).to(torch.ScalarType.Float32).mul_(scales).t();
    }

    /// <inheritdoc/>
    /// <remarks>The transposed view of a matrix [inputs, outputs], as the numbers lie in the file.</remarks>
    protected override unsafe torch.Tensor WithKernels()
    {
        var (words, groupOfInput) = (Words.contiguous(), GroupOfInput?.contiguous());
        var (scales, zeros) = (Scales.to(torch.ScalarType.Float32).contiguous(), UnpackZeros());
        var result = torch.empty([Inputs, Outputs], torch.ScalarType.Float32);
        var target = (float*)TensorMemory.Address(result);
        var source = (uint*)TensorMemory.Address(words);
        var scale = (float*)TensorMemory.Address(scales);
        var zero = (int*)TensorMemory.Address(zeros);
        var groups = groupOfInput is null ? null : (int*)TensorMemory.Address(groupOfInput);
        var (outputs, perWord) = (Outputs, WordBits / _bits);
        TensorMemory.InParallel(Inputs, outputs, input =>
        {
            long group = groups is null ? input / _groupSize : groups[input];
            var row = new Span<float>(target + (input * outputs), outputs);
            var rowScales = new ReadOnlySpan<float>(scale + (group * outputs), outputs);
            var rowZeros = new ReadOnlySpan<int>(zero + (group * outputs), outputs);
            if (_order is NibbleOrder.Awq)
            {
                var words = new ReadOnlySpan<uint>(source + (input * (outputs / perWord)), outputs / perWord);
                DequantizeKernels.AcrossOutputs(words, AwqShifts, rowZeros, rowScales, row);
            }
            else
            {
                var words = new ReadOnlySpan<uint>(source + (input / perWord * outputs), outputs);
                DequantizeKernels.AcrossInputs(words, (int)(input % perWord) * _bits, _bits, rowZeros, rowScales, row);
            }
        });
        return result.t();
    }

    private static void CheckGroups(torch.Tensor groupOfInput, long groups)
    {
        using var scope = torch.NewDisposeScope();
        var (least, most) = (groupOfInput.min().item<int>(), groupOfInput.max().item<int>());
        if (least < 0 || most >= groups)
        {
            throw new InputException($"g_idx names groups from {least} to {most}, but there are {groups} groups of scales; "
                + "the file is damaged, or its group_size is another.");
        }
    }

    private int[] Consecutive => [.. Enumerable.Range(0, WordBits / _bits).Select(i => i * _bits)];

    // int32 [groups, outputs].
    private torch.Tensor UnpackZeros() =>
        Fields(Zeros.unsqueeze(2), Shifts(_order is NibbleOrder.Awq ? AwqShifts : Consecutive)).flatten(1)
            .AddInPlace(_zeroOffset).contiguous();

    private torch.Tensor Shifts(int[] shifts) => torch.tensor(shifts, device: Words.device);

    private torch.Tensor Fields(torch.Tensor words, torch.Tensor shifts) =>
        words.bitwise_right_shift(shifts).bitwise_and_((1 << _bits) - 1);
}

/// <summary>How numbers of a few bits lie in 32-bit words.</summary>
internal enum NibbleOrder
{
    /// <summary>
    /// AWQ's GEMM layout: eight outputs of one input in a word, in the order 0, 2, 4, 6, 1, 3, 5, 7 from the lowest bits; zeros likewise.
    /// </summary>
    Awq,

    /// <summary>GPTQ: consecutive inputs of one output in a word, from the lowest bits; zeros hold consecutive outputs.</summary>
    Gptq,
}
