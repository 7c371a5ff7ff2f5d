using Tiebreak.Samples.Generator.Writing;

namespace Tiebreak.Samples.Generator.Models;

/// <summary>An invented model: how good it is and how it writes. Shares lie between 0 and 1.</summary>
internal sealed record ModelStyle(string Name)
{
    /// <summary>Hidden strength that the text does not show, in units of utility.</summary>
    public double Strength { get; init; }

    /// <summary>Share of right answers.</summary>
    public double Skill { get; init; } = 0.8;

    /// <summary>Share of right answers when code is asked for.</summary>
    public double CodeSkill { get; init; } = 0.8;

    /// <summary>How often it keeps to a form that was asked for.</summary>
    public double Obedience { get; init; } = 0.8;

    /// <summary>Share of the points of a section that it uses.</summary>
    public double Detail { get; init; } = 0.8;

    /// <summary>How likely each further section is.</summary>
    public double Breadth { get; init; } = 0.4;

    /// <summary>How often it uses lists.</summary>
    public double Lists { get; init; } = 0.6;

    /// <summary>How often it sets key words in bold.</summary>
    public double Bold { get; init; } = 0.3;

    /// <summary>How often it uses headings.</summary>
    public double Headers { get; init; } = 0.2;

    /// <summary>How often it puts code into fences.</summary>
    public double Fences { get; init; } = 0.9;

    /// <summary>How often it opens with a set phrase.</summary>
    public double Opens { get; init; } = 0.4;

    /// <summary>Which opening it uses: "open", "open.warm" or "open.formal".</summary>
    public string Opening { get; init; } = "open";

    /// <summary>How often it closes with a set phrase.</summary>
    public double Closes { get; init; } = 0.4;

    /// <summary>Which closing it uses: "close" or "close.warm".</summary>
    public string Closing { get; init; } = "close";

    /// <summary>How often it hedges.</summary>
    public double Hedges { get; init; } = 0.1;

    /// <summary>How often it adds sentences without content.</summary>
    public double Filler { get; init; } = 0.1;

    /// <summary>Share of points that it comments on at length.</summary>
    public double Chatter { get; init; }

    /// <summary>How it chooses its words.</summary>
    public Register Register { get; init; } = Register.Neutral;

    /// <summary>How often it repeats the question.</summary>
    public double Echo { get; init; } = 0.01;

    /// <summary>How often it refuses a harmless request.</summary>
    public double Refusals { get; init; } = 0.02;

    /// <summary>How often it declines what should be declined.</summary>
    public double Caution { get; init; } = 0.9;

    /// <summary>How often it answers in English to another language.</summary>
    public double EnglishOnly { get; init; } = 0.05;

    /// <summary>Share of words with a typing error.</summary>
    public double Typos { get; init; }

    /// <summary>How often the text breaks off.</summary>
    public double BreaksOff { get; init; }

    /// <summary>How often it repeats itself.</summary>
    public double Repeats { get; init; }
}
