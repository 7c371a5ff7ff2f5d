using System.Globalization;
using Tiebreak.Core;
using TorchSharp;

namespace Tiebreak.Torch;

/// <summary>Where tensors live, in words: <c>cpu</c>, <c>cuda:0</c>, or several with commas between them.</summary>
internal static class Devices
{
    private const int MostGpus = 64;

    /// <summary>Reads a list of devices and checks that every device is there.</summary>
    /// <exception cref="InputException">Not a list of devices, or one of them is not on this machine.</exception>
    /// <exception cref="TiebreakException">libtorch cannot be loaded.</exception>
    public static IReadOnlyList<torch.Device> Parse(string text)
    {
        var gpus = Gpus(text);
        TorchRuntime.Start();
        return gpus.Count == 0 ? [torch.CPU] : [.. gpus.Select(index => Gpu(index, text))];
    }

    /// <summary>
    /// Reads the devices of one model: one, or several with <c>+</c> between them, such as <c>cuda:0+cuda:1</c>, among which its layers are
    /// divided. Each device may be named again: <c>cpu+cpu</c>.
    /// </summary>
    /// <exception cref="InputException">Not devices of one model, or one of them is not on this machine.</exception>
    /// <exception cref="TiebreakException">libtorch cannot be loaded.</exception>
    public static IReadOnlyList<torch.Device> OfModel(string text) =>
        text.Contains(',', StringComparison.Ordinal)
            ? throw Wrong($"`device` {text} names several devices, but a judge computes on one; start a worker for each, or write + "
                + "between them to divide its layers among them.")
            : [.. text.Split('+', StringSplitOptions.TrimEntries).Select(name => Parse(name)[0])];

    /// <summary>Reads a list of devices without asking whether this machine has the devices.</summary>
    /// <returns>The numbers of the GPUs; none: the CPU.</returns>
    /// <exception cref="InputException">Not a list of devices.</exception>
    public static IReadOnlyList<int> Gpus(string text)
    {
        if (text is "cpu")
            return [];
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        if (names.Length > 1 && names.Contains("cpu", StringComparer.Ordinal))
            throw Wrong($"`device` {text} mixes the CPU with others; use cpu, or GPUs: cuda:0,cuda:1.");
        int[] gpus = [.. names.Select(name => name.StartsWith("cuda", StringComparison.Ordinal) && Index(name) is { } index
            ? index
            : throw Wrong($"`device` {text}: \"{name}\" is no device; use cpu, cuda:0, or cuda:0,cuda:1."))];
        return gpus.Distinct().Count() == gpus.Length ? gpus : throw Wrong($"`device` {text} names a device twice.");
    }

    private static torch.Device Gpu(int index, string text)
    {
        if (!torch.cuda.is_available())
        {
            throw Absent(
                $"`device` {text}: libtorch finds no CUDA device; build with -p:TorchBackend=cuda, " +
                "or name a PyTorch installation with CUDA in TIEBREAK_LIBTORCH.");
        }

        if (index >= torch.cuda.device_count())
        {
            throw Absent(
                $"`device` {text}: there is no cuda:{index}; " +
                $"this machine has {torch.cuda.device_count()} CUDA devices, counted from 0.");
        }

        return torch.device(DeviceType.CUDA, index);
    }

    private static InputException Wrong(string message) => new(message) { Parameters = ["device"] };

    private static InputException Absent(string message) => new(message) { Code = ErrorCodes.DeviceUnavailable, Parameters = ["device"] };

    private static int? Index(string name)
    {
        if (name.Length == "cuda".Length)
            return 0;
        var number = name.AsSpan("cuda".Length);
        return number[0] == ':' && int.TryParse(number[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < MostGpus
            ? index
            : null;
    }
}
