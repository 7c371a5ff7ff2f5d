using System.CommandLine;
using System.Text.RegularExpressions;
using Tiebreak.Core;
using Tiebreak.Core.Judging;

namespace Tiebreak.Cli.Verbs;

/// <summary><c>--members</c>: how the members of an ensemble compute.</summary>
internal sealed partial class MembersOption : Option<string?>
{
    private const string InTurn = "in-turn";

    public MembersOption()
        : base("--members")
    {
        Description = "Of an ensemble: in-turn opens one member at a time, which takes the memory of the largest alone; or the devices "
            + "that are dealt out to the members, such as cuda:0,cuda:1. Default: all are open, on --device.";
    }

    /// <summary>A placement with what the command line says.</summary>
    /// <exception cref="InputException">Neither in-turn nor devices.</exception>
    public static Placement Apply(string? text, Placement placement)
    {
        if (text is null)
            return placement;
        if (string.Equals(text, InTurn, StringComparison.Ordinal))
            return placement with { MembersInTurn = true };
        var devices = text.Split(',', StringSplitOptions.TrimEntries);
        return Array.TrueForAll(devices, device => Device().IsMatch(device))
            ? placement with { MemberDevices = devices }
            : throw new InputException($"--members {text}: give in-turn, or devices such as cuda:0,cuda:1.");
    }

    [GeneratedRegex(@"^(?:cpu|cuda(?::\d{1,2})?)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Device();
}
