using System.Text;
using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;
using Tiebreak.Samples.Generator.Models;

namespace Tiebreak.Samples.Generator.Writing;

/// <summary>A text in the making: paragraphs, lists, headings and blocks in the manner of one model.</summary>
internal sealed class Page(Dice dice, ModelStyle style, Tongue tongue, Draft draft, bool bold)
{
    private readonly List<string> _parts = [];
    private readonly string _bullet = dice.PickOne("- ", "* ", "- ");
    private readonly Queue<string> _comments = Phrases(dice, tongue, draft.Comments);
    private readonly Queue<string> _encouragements = Phrases(
        dice, tongue, draft.Comments is not null && tongue == Library.English ? "more.plan" : null);
    private int _marks;
    private int _typos;

    /// <summary>Adds a paragraph.</summary>
    public void Paragraph(string text) => _parts.Add(Inline(text));

    /// <summary>Adds a paragraph as it is, such as the repeated question.</summary>
    public void Quote(string text) => _parts.Add(text);

    /// <summary>Adds a block, in fences if it is code and the model uses them.</summary>
    public void Block(Block block)
    {
        if (block.CodeLanguage is null || !dice.Chance(style.Fences))
        {
            _parts.Add(block.Text);
            return;
        }

        _marks++;
        _parts.Add($"```{block.CodeLanguage}\n{block.Text}\n```");
    }

    /// <summary>Adds a section as a list or as prose; a bare one has no heading.</summary>
    public void Section(Section section, bool lists, bool headers, bool bare)
    {
        if (headers)
        {
            _marks++;
            _parts.Add("## " + section.Heading);
        }

        if (!lists)
        {
            _parts.Add((headers || bare ? "" : Label(section) + " ")
                + string.Join(' ', section.Points.Select(point => Inline(Prose(point)) + Comment(section, point))));
            return;
        }

        var text = new StringBuilder();
        if (!headers && !bare) text.Append(bold ? $"**{section.Heading}**\n" : Label(section)).Append('\n');
        for (var i = 0; i < section.Points.Count; i++)
        {
            if (i > 0) text.Append('\n');
            text.Append(section.Ordered ? Frame.Number(i + 1) + ". " : _bullet).Append(Item(section.Points[i]))
                .Append(Comment(section, section.Points[i]));
        }

        _marks += section.Points.Count;
        _parts.Add(text.ToString());
    }

    /// <summary>The finished text, with the damage that the model does to it.</summary>
    public Reply Finish()
    {
        if (_parts.Count > 1 && dice.Chance(style.Repeats))
        {
            _parts.Add(_parts[dice.Between(0, _parts.Count - 1)]);
            return new Reply(Text()) { Marks = _marks, Typos = _typos, Damaged = true };
        }

        var text = Text();
        if (text.Length > 200 && dice.Chance(style.BreaksOff))
        {
            var end = text.LastIndexOf(' ', dice.Between(text.Length / 2, text.Length - 20));
            return new Reply(text[..end]) { Marks = _marks, Typos = _typos, Damaged = true };
        }

        return new Reply(text) { Marks = _marks, Typos = _typos };
    }

    private string Text() => string.Join("\n\n", _parts);

    private string Label(Section section) => section.Heading + (tongue.Code is "fr" ? " :" : ":");

    private string Item(Point point)
    {
        if (point.Title is not { } title || (!bold && point.Text.StartsWith(title, StringComparison.Ordinal))) return Inline(point.Text);
        return $"{(bold ? $"**{title}**" : title)}: {Inline(point.Text)}";
    }

    private static string Prose(Point point) => point.Title switch
    {
        null => point.Text,
        var title when point.Text.StartsWith(title, StringComparison.Ordinal) => point.Text,
        var title when title.EndsWith('?') => $"\"{title}\" {point.Text}",
        var title => $"{title}: {point.Text}",
    };

    private string Comment(Section section, Point point)
    {
        // A remark suits one of several plain points, and encouragement suits a step.
        var about = section.Ordered ? _encouragements : _comments;
        var explained = point.Title is not null && draft.Comments is "more";
        return section.Points.Count > 1 && !explained && about.Count > 0 && dice.Chance(style.Chatter) ? " " + Inline(about.Dequeue()) : "";
    }

    private static Queue<string> Phrases(Dice dice, Tongue tongue, string? key) =>
        new(key is null ? [] : dice.Sample(tongue.Wordings(key), 12));

    private string Inline(string text)
    {
        if (!draft.Exact && tongue == Library.English) text = Diction.Apply(text, style.Register);
        if (bold) _marks += text.Count(c => c == '*') / 2;
        var marked = bold ? text.Replace("*", "**", StringComparison.Ordinal) : Frame.Plain(text);
        var (typed, count) = Slips.Add(dice, marked, style.Typos);
        _typos += count;
        return typed;
    }
}
