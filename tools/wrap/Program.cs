using System.Text;
using Wrap;

const int Limit = 140;
int changed = 0, left = 0;
var only = args.FirstOrDefault(a => a.StartsWith("--dry")) is not null;
foreach (var path in args.Where(a => !a.StartsWith("--")).SelectMany(Sources).Order(StringComparer.Ordinal))
{
    var text = File.ReadAllText(path);
    if (args.Contains("--braces") && BraceStep.Add(text) != text)
        Console.WriteLine("braces: " + path);
    if (!text.Split('\n').Any(line => line.TrimEnd('\r').Length > Limit))
        continue;
    var (result, remaining) = FileWrapper.Wrap(text, Limit);
    if (result != text)
    {
        changed++;
        if (!only)
            File.WriteAllText(path, result, new UTF8Encoding(text.Length > 0 && text[0] == '\uFEFF'));
    }
    foreach (var (line, why) in remaining)
    {
        left++;
        Console.WriteLine($"{path}:{line + 1}: {why}");
    }
}
Console.WriteLine($"{changed} files changed, {left} lines remain too long");

static IEnumerable<string> Sources(string path) => File.Exists(path)
    ? [path]
    : Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/") && !f.Contains("/bin/") && !f.Contains("/artifacts/"));
