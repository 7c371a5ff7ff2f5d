using Microsoft.CodeAnalysis.CSharp;

namespace Wrap;

static class FileWrapper
{
    public static (string Text, List<(int Line, string Why)> Left) Wrap(string text, int limit)
    {
        var left = new List<(int, string)>();
        var lines = text.Split('\n').ToList();
        var tries = 0;
        for (var i = 0; i < lines.Count;)
        {
            if (lines[i].Length <= limit || tries > 40)
            {
                if (lines[i].Length > limit)
                    left.Add((i, "gave up: " + lines[i].Trim()[..60]));
                i++;
                tries = 0;
                continue;
            }

            tries++;
            var root = CSharpSyntaxTree.ParseText(string.Join('\n', lines), new CSharpParseOptions(LanguageVersion.Preview));
            var result = CommentWrap.IsComment(root, lines, i)
                ? CommentWrap.Wrap(lines, i, limit)
                : new LineWrap(root, lines, i, limit).Wrap();
            if (!result)
            {
                left.Add((i, lines[i].Length + " columns: " + lines[i].Trim()[..60]));
                i++;
                tries = 0;
            }
        }

        return (BraceStep.Add(string.Join('\n', lines)), left);
    }
}
