using System.Globalization;
using Tiebreak.Core;
using TorchSharp;

namespace Tiebreak.Torch;

/// <summary>Where tensors live, as <c>--device</c> says it: <c>cpu</c>, <c>cuda:0</c>, or several with commas between them.</summary>
public static class Devices
{
    private const int MostGpus = 64;

    /// <summary>Reads the value of <c>--device</c> and checks that every device is there.</summary>
    /// <exception cref="InputException">Not a list of devices, or one of them is not on this machine.</exception>
    /// <exception cref="TiebreakException">libtorch cannot be loaded.</exception>
    public static IReadOnlyList<torch.Device> Parse(string text)
    {
        TorchRuntime.Start();
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        if (names.Length != names.Distinct(StringComparer.Ordinal).Count())
            throw new InputException($"--device {text} names a device twice.");
        return [.. names.Select(name => ParseOne(name, text))];
    }

    private static torch.Device ParseOne(string name, string text)
    {
        if (string.Equals(name, "cpu", StringComparison.Ordinal))
            return torch.CPU;
        if (!name.StartsWith("cuda", StringComparison.Ordinal) || Index(name) is not { } index)
            throw new InputException($"--device {text}: \"{name}\" is no device; use cpu, cuda:0, or cuda:0,cuda:1.");

        if (!torch.cuda.is_available())
            throw new InputException($"--device {text}: libtorch finds no CUDA device; build with -p:TorchBackend=cuda, or name a PyTorch installation with CUDA in TIEBREAK_LIBTORCH.");
        if (index >= torch.cuda.device_count())
            throw new InputException($"--device {text}: there is no cuda:{index}; this machine has {torch.cuda.device_count()} CUDA devices, counted from 0.");
        return torch.device(DeviceType.CUDA, index);
    }

    private static int? Index(string name)
    {
        if (name.Length == "cuda".Length)
            return 0;
        var number = name.AsSpan("cuda".Length);
        return number[0] == ':' && int.TryParse(number[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < MostGpus ? index : null;
    }
}
