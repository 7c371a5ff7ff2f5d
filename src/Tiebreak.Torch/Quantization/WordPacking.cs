using TorchSharp;

namespace Tiebreak.Torch.Quantization;

/// <summary>Puts numbers of four bits into words of 32.</summary>
internal static class WordPacking
{
    private const int Bits = 4;
    private const int PerWord = 8;

    // Which output of eight lies in each nibble of AWQ's words, from the lowest.
    private static readonly int[] AwqOrder = [0, 2, 4, 6, 1, 3, 5, 7];

    /// <summary>Eight columns in a word, in AWQ's order.</summary>
    /// <param name="numbers">int32 [rows, columns].</param>
    /// <returns>int32 [rows, columns / 8].</returns>
    public static torch.Tensor Awq(torch.Tensor numbers) => Columns(numbers, AwqOrder);

    /// <summary>Eight columns in a word, in their order (GPTQ's zeros).</summary>
    public static torch.Tensor Columns(torch.Tensor numbers) => Columns(numbers, [.. Enumerable.Range(0, PerWord)]);

    /// <summary>Eight rows in a word, in their order (GPTQ's weights).</summary>
    /// <returns>int32 [rows / 8, columns].</returns>
    public static torch.Tensor Rows(torch.Tensor numbers)
    {
        using var scope = torch.NewDisposeScope();
        return Columns(numbers.t()).t().contiguous().MoveToOuterDisposeScope();
    }

    private static torch.Tensor Columns(torch.Tensor numbers, int[] order)
    {
        using var scope = torch.NewDisposeScope();
        var groups = numbers.reshape(numbers.shape[0], -1, PerWord);
        var words = torch.zeros([groups.shape[0], groups.shape[1]], torch.ScalarType.Int32, numbers.device);
        for (var nibble = 0; nibble < PerWord; nibble++)
            words.bitwise_or_(groups.select(2, order[nibble]).bitwise_left_shift(torch.tensor(nibble * Bits, device: numbers.device)));
        return words.MoveToOuterDisposeScope();
    }
}
