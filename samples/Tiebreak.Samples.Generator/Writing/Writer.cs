using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;
using Tiebreak.Samples.Generator.Models;

namespace Tiebreak.Samples.Generator.Writing;

/// <summary>Turns a draft into the text of one model.</summary>
internal sealed class Writer(Dice dice, ModelStyle style, Tongue tongue)
{
    private const double LeadIns = 0.15;
    private const double Introductions = 0.45;

    /// <summary>The response of the model to a question.</summary>
    public Reply Write(string question, Draft draft)
    {
        if (!draft.Sensitive && dice.Chance(style.Refusals))
        {
            return new Reply(tongue.Say(dice, "refuse")) { Refused = true, Correct = false, KeptForm = false };
        }

        if (draft.InEnglish is { } english && dice.Chance(style.EnglishOnly))
        {
            return new Writer(dice, style, Library.English).Compose(question, english) with { WrongLanguage = true };
        }

        return Compose(question, draft);
    }

    private Reply Compose(string question, Draft draft)
    {
        if (draft.Variants.Count > 0)
        {
            var taste = (style.Detail * 0.6) + (style.Breadth * 0.4) + dice.Normal(0.2);
            draft = draft.Variants[Math.Clamp((int)(taste * draft.Variants.Count), 0, draft.Variants.Count - 1)];
        }

        var right = dice.Chance(draft.Sensitive ? style.Caution : draft.Block?.CodeLanguage is null ? style.Skill : style.CodeSkill);
        var keeps = draft.Form == Form.Free || dice.Chance(style.Obedience);
        var page = new Page(dice, style, tongue, draft, bold: dice.Chance(style.Bold) && !(keeps && draft.Form == Form.Prose));
        var strict = keeps && draft.Form is (Form.Sentences or Form.Bullets);
        if (!strict && !draft.Sensitive) Open(page, question, draft);
        if (draft.Sensitive && !right) page.Paragraph(draft.WrongLead ?? draft.Lead);
        else if (strict && draft.Form == Form.Sentences) page.Paragraph(string.Join(' ', Sentences(draft, right)));
        else Body(page, draft, right, keeps);
        if (!strict) Close(page, draft);
        return page.Finish() with { Correct = right, KeptForm = keeps };
    }

    private void Open(Page page, string question, Draft draft)
    {
        if (dice.Chance(style.Echo) && question.Length < 160)
        {
            page.Quote(Frame.Fill(tongue.Say(dice, "said"), ("q", question.Replace('\n', ' '))));
        }

        var brief = draft.Chat || draft.Exact || draft.Block is not null;
        var formal = string.Equals(style.Opening, "open.formal", StringComparison.Ordinal);
        if (dice.Chance(brief ? style.Opens / 4 : style.Opens)) page.Paragraph(tongue.Say(dice, brief && formal ? "open" : style.Opening));
    }

    private void Close(Page page, Draft draft)
    {
        if (!draft.Chat && dice.Chance(draft.Exact ? style.Filler / 4 : style.Filler))
        {
            foreach (var filler in dice.Sample(tongue.Wordings("filler"), dice.Between(1, 3))) page.Paragraph(filler);
        }

        if (!draft.Chat && dice.Chance(draft.Exact ? style.Hedges / 6 : style.Hedges)) page.Paragraph(tongue.Say(dice, "hedge"));
        if (dice.Chance(draft.Chat ? style.Closes / 4 : style.Closes)) page.Paragraph(tongue.Say(dice, style.Closing));
    }

    private void Body(Page page, Draft draft, bool right, bool keeps)
    {
        var lead = right ? draft.Lead : draft.WrongLead ?? draft.Lead;
        var open = !draft.Chat && !draft.Exact && draft.Block is null && draft.WrongLead is null;
        if (open && lead.Length > 40 && dice.Chance(LeadIns)) lead = Frame.Join(tongue.Say(dice, "lead"), lead);
        if (draft.Exact && draft.Block is null && dice.Chance(Introductions)) lead = Frame.Join(tongue.Say(dice, "result"), lead);
        if (lead.Length > 0 && !(keeps && draft.Form == Form.Bullets)) page.Paragraph(lead);
        if (draft.Block is not null) page.Block(right ? draft.Block : draft.WrongBlock ?? draft.Block);

        // A model that is wrong about the answer itself rarely goes on to explain it correctly.
        var wrong = !right && (draft.WrongLead is not null || draft.WrongBlock is not null);
        var plain = keeps && draft.Form == Form.Prose;
        var lists = !plain && !draft.Chat && (dice.Chance(style.Lists) || (keeps && draft.Form == Form.Bullets));
        var headers = lists && dice.Chance(style.Headers) && draft.Form != Form.Bullets;
        for (var i = 0; i < draft.Sections.Count; i++)
        {
            if (keeps && draft.Form == Form.Bullets && i > 0) break;
            var essential = i < draft.Essential && draft.Block is null && !wrong;
            if (!essential && !dice.Chance(wrong ? style.Breadth / 2 : style.Breadth)) continue;
            var section = draft.Sections[i];
            section = section with { Points = [.. section.Points.Where(point => !lead.Contains(point.Text, StringComparison.Ordinal))] };
            if (section.Points.Count == 0) continue;
            var points = Choose(section, draft, keeps);
            if (i == 0 && essential && !right && draft.WrongLead is null && draft.Blunder is { } blunder)
            {
                points[dice.Between(0, points.Count - 1)] = new Point(blunder);
            }

            page.Section(
                section with { Points = points }, lists, headers, bare: essential && draft.Essential == 1 && lead.Length > 0 && !headers);
        }
    }

    private List<Point> Choose(Section section, Draft draft, bool keeps)
    {
        var all = section.Points.ToList();
        if (keeps && draft.Count > 0 && draft.Form == Form.Bullets) return dice.Sample(all, draft.Count);
        var share = Math.Clamp(style.Detail + dice.Normal(0.12), 0.2, 1);
        if (section.Ordered && style.Detail >= 0.7) share = 1;
        var count = Math.Max(1, (int)Math.Round(share * all.Count));

        // Steps lose their end, other points any of theirs, in any order.
        return section.Ordered ? [.. all.Take(count)] : dice.Sample(all, count);
    }

    private List<string> Sentences(Draft draft, bool right)
    {
        var missing = Math.Max(0, draft.Count - (draft.Lead.Length > 0 ? 1 : 0));
        List<Point> points = draft.Sections is [{ Ordered: false } first, ..]
            ? dice.Sample(first.Points, missing)
            : [.. draft.Sections.SelectMany(section => section.Points).Take(missing)];
        var pool = points.ConvertAll(point => point.Text);
        if (!right && draft.WrongLead is null && draft.Blunder is { } blunder)
        {
            if (pool.Count == 0) return [blunder];
            pool[dice.Between(0, pool.Count - 1)] = blunder;
        }

        var lead = right ? draft.Lead : draft.WrongLead ?? draft.Lead;
        return lead.Length > 0 ? [lead, .. pool] : pool;
    }
}
