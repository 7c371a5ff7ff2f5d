using System.Text.RegularExpressions;
using Tiebreak.Testing;

namespace Tiebreak.Architecture.Tests;

/// <summary>Libraries name parameters; only the command knows that it calls them <c>--options</c>.</summary>
public sealed partial class OptionTests
{
    private static IEnumerable<string> LibraryFiles =>
        Directory.GetDirectories(Path.Combine(Repository.Root, "src"))
            .Where(folder => Path.GetFileName(folder) is not "Tiebreak.Cli")
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories));

    [Fact]
    public void Libraries_name_no_option_of_the_command() =>
        Assert.Empty(LibraryFiles.SelectMany(file => Option.Matches(File.ReadAllText(file)).Select(match => $"{file}: {match.Value}")));

    [Fact]
    public void Every_parameter_of_an_error_is_in_its_message_and_an_option_of_the_command()
    {
        var folder = Path.Combine(Repository.Root, "src", "Tiebreak.Cli");
        var command = string.Concat(Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var names = 0;
        foreach (var text in LibraryFiles.Select(File.ReadAllText))
        {
            foreach (var name in Parameters.Matches(text).SelectMany(match => match.Groups["name"].Captures).Select(name => name.Value))
            {
                Assert.Contains($"`{name}`", text, StringComparison.Ordinal);
                Assert.Contains($"\"--{name}\"", command, StringComparison.Ordinal);
                names++;
            }
        }

        Assert.InRange(names, 20, int.MaxValue);
    }

    // Not the custom properties of style sheets: "--ink: #000", "var(--ink)".
    [GeneratedRegex(@"(?<![\w(-])--[a-z][a-z-]*(?![\w-]|: #)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Option { get; }

    [GeneratedRegex(
        @"Parameters = \[(?:""(?<name>[a-z-]+)""(?:, )?)+\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameters { get; }
}
