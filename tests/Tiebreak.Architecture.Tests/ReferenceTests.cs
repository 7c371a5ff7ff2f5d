using System.Reflection;
using Tiebreak.Testing;

namespace Tiebreak.Architecture.Tests;

/// <summary>Arrows between the projects point down only: see docs/architecture.md.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Tiebreak.Core"] = [],
        ["Tiebreak.Text"] = [],
        ["Tiebreak.Native"] = [],
        ["Tiebreak.Hubs"] = ["Tiebreak.Core"],
        ["Tiebreak.Torch"] = ["Tiebreak.Native", "Tiebreak.Core"],
        ["Tiebreak.Transformers"] = ["Tiebreak.Torch", "Tiebreak.Tokenization", "Tiebreak.Native", "Tiebreak.Core"],
        ["Tiebreak.Data"] = ["Tiebreak.Text", "Tiebreak.Core"],
        ["Tiebreak.Features"] = ["Tiebreak.Text", "Tiebreak.Native", "Tiebreak.Core"],
        ["Tiebreak.Reports"] = ["Tiebreak.Core"],
        ["Tiebreak.Runs"] = ["Tiebreak.Core", "Tiebreak.Data"],
        ["Tiebreak.Tokenization"] = ["Tiebreak.Core"],
        ["Tiebreak.Ratings"] = ["Tiebreak.Text", "Tiebreak.Core"],
        ["Tiebreak.App"] =
        [
            "Tiebreak.Core", "Tiebreak.Data", "Tiebreak.Ratings", "Tiebreak.Reports", "Tiebreak.Runs", "Tiebreak.Text",
        ],
        ["Tiebreak.Client"] = [],
        ["Tiebreak.Hosting"] = ["Tiebreak.App", "Tiebreak.Core", "Tiebreak.Data", "Tiebreak.Ratings", "Tiebreak.Runs"],
        ["Tiebreak.Explorer"] =
        [
            "Tiebreak.App", "Tiebreak.Core", "Tiebreak.Data", "Tiebreak.Hosting", "Tiebreak.Ratings", "Tiebreak.Reports", "Tiebreak.Text",
        ],
        ["tiebreak"] =
        [
            "Tiebreak.App", "Tiebreak.Features", "Tiebreak.Core", "Tiebreak.Data", "Tiebreak.Explorer", "Tiebreak.Hosting",
            "Tiebreak.Hubs", "Tiebreak.Native", "Tiebreak.Ratings", "Tiebreak.Reports", "Tiebreak.Runs", "Tiebreak.Text",
            "Tiebreak.Tokenization", "Tiebreak.Torch", "Tiebreak.Transformers",
        ],
    };

    public static TheoryData<string> Projects =>
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_what_lies_below_it(string project)
    {
        var name = project is "Tiebreak.Cli" ? "tiebreak" : project;
        Assert.True(Allowed.TryGetValue(name, out var allowed), $"{project} is new: say here what it may use.");

        var used = Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(reference => reference.StartsWith("Tiebreak.", StringComparison.Ordinal));
        Assert.Empty(used.Except(allowed, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_are_namespaces(string project)
    {
        var root = Path.Combine(Repository.Root, "src", project);
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith("Program.cs", StringComparison.Ordinal)))
        {
            var folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!);
            var expected = folder is "." ? project : $"{project}.{folder.Replace(Path.DirectorySeparatorChar, '.')}";
            Assert.Contains($"namespace {expected};", File.ReadAllText(file), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Vague_names_stay_out()
    {
        string[] vague = ["Helper", "Util", "Common", "Manager", "Misc"];
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories);
        Assert.DoesNotContain(
            files, file => Array.Exists(vague, word => Path.GetFileName(file).Contains(word, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Tiebreak.slnx"));
        var projects = new[] { "src", "tests", "bench", "samples" }
            .Select(folder => Path.Combine(Repository.Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories));
        Assert.All(projects, project => Assert.Contains(Path.GetFileName(project), solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_fit_on_a_screen()
    {
        const int Columns = 140;
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories);
        string[] longLines =
        [
            .. files.SelectMany(file => File.ReadLines(file).Index()
                .Where(line => line.Item.Length > Columns)
                .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}")),
        ];
        Assert.True(longLines.Length == 0, $"Lines of more than {Columns} columns:\n{string.Join('\n', longLines)}");
    }
}
