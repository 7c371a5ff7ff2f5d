using System.CommandLine;
using System.Text.RegularExpressions;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs.Scoring;

/// <summary>
/// <c>--device</c> of a run: one worker process per device that is named, each with its own copy of the judge. <c>cpu,cpu</c> are two workers that
/// divide the threads.
/// </summary>
internal sealed partial class DeviceOption : Option<string>
{
    public DeviceOption()
        : base("--device")
    {
        Description = "Where the judge computes: cpu, or a list with one worker process each, such as cpu,cpu.";
        DefaultValueFactory = _ => "cpu";
    }

    /// <summary>The devices that are named.</summary>
    /// <exception cref="InputException">Not a list of devices, or one on which no judge of this program computes.</exception>
    public IReadOnlyList<string> Of(ParseResult parse)
    {
        var devices = parse.GetRequiredValue(this).Split(',', StringSplitOptions.TrimEntries);
        foreach (var device in devices)
        {
            if (!Device().IsMatch(device))
                throw new InputException($"--device {string.Join(',', devices)}: \"{device}\" is no device; use cpu, cpu,cpu or cuda:0,cuda:1.");
            if (!string.Equals(device, "cpu", StringComparison.Ordinal))
                throw new InputException($"--device {device}: the judges of this program compute on the CPU. Leave --device out, or name cpu.");
        }

        return devices;
    }

    [GeneratedRegex(@"^(?:cpu|cuda(?::\d{1,2})?)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Device();
}
