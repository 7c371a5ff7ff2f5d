using System.CommandLine;
using System.Text.RegularExpressions;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs;

/// <summary>
/// <c>--device</c>: where transformer judges compute. A run takes a list, with one worker process and one copy of the judge per device that
/// is named; <c>cpu,cpu</c> are two workers that divide the threads. <c>cuda:0+cuda:1</c> is one judge whose layers lie on both.
/// </summary>
internal sealed partial class DeviceOption : Option<string>
{
    public DeviceOption()
        : base("--device")
    {
        Description = "Where transformer judges compute: cpu, cuda:0, or cuda:0+cuda:1 with half of the layers on each.";
        DefaultValueFactory = _ => Session.Cpu;
    }

    /// <summary>The devices that are named.</summary>
    /// <exception cref="InputException">Not a list of devices.</exception>
    public IReadOnlyList<string> Of(ParseResult parse)
    {
        var devices = parse.GetRequiredValue(this).Split(',', StringSplitOptions.TrimEntries);
        return Array.Find(devices, device => !Device().IsMatch(device)) is { } wrong
            ? throw new InputException(
                $"--device {string.Join(',', devices)}: \"{wrong}\" is no device; use cpu, cuda:0, cuda:0,cuda:1 for two "
                    + "processes, or cuda:0+cuda:1 for one model on both.")
            : devices;
    }

    /// <summary>The device of this process.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="sharesDevices">Whether the verb starts processes for further devices.</param>
    /// <exception cref="InputException">Not a device, or several where there can be only one.</exception>
    public string First(ParseResult parse, bool sharesDevices)
    {
        var devices = Of(parse);
        return devices.Count == 1 || sharesDevices
            ? devices[0]
            : throw new InputException(
                $"--device {string.Join(',', devices)}: this command computes on one device. Only predict, and train without --members, "
                    + "share their work among several.");
    }

    [GeneratedRegex(@"^(?:cpu|cuda(?::\d{1,2})?)(?:\+(?:cpu|cuda(?::\d{1,2})?))*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Device();
}
