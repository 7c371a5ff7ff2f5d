using System.Runtime.CompilerServices;

namespace Tiebreak.Tokenization.Jinja.Evaluation;

/// <summary>Counts what a rendering does and stops it at the bounds of <see cref="JinjaLimits"/>.</summary>
internal sealed class Meter
{
    private const int CharactersAnItem = 16;
    private const int CharactersAStep = 64;
    private const int CharactersReadAStep = 8;
    private const int ComparisonsAStep = 4096;

    private long _steps;
    private long _created;
    private int _depth;

    /// <summary>Goes one level deeper; to be followed by <see cref="Leave"/>. Counts one step.</summary>
    public void Enter()
    {
        Step();
        if (++_depth > JinjaLimits.Depth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new JinjaException($"It nests or recurses more than {JinjaLimits.Depth} levels deep, perhaps without end.");
    }

    public void Leave() => _depth--;

    public void Step(long count = 1)
    {
        _steps += count;
        if (_steps > JinjaLimits.Steps)
            throw new JinjaException($"It takes more than {JinjaLimits.Steps:N0} steps, perhaps without end.");
    }

    /// <summary>Looks through a text.</summary>
    public void Scan(string text) => Step(1 + (text.Length / CharactersAStep));

    /// <summary>Looks at each character of a text by itself.</summary>
    public void Read(string text) => Step(1 + (text.Length / CharactersReadAStep));

    /// <summary>Looks for a text in another: in the worst case each place is compared with all of it.</summary>
    public void Search(string text, string wanted) => Step(1 + ((long)text.Length * (wanted.Length + CharactersAStep) / ComparisonsAStep));

    /// <summary>Makes a text; to be called before it is made.</summary>
    public void CreateText(long characters)
    {
        Create(characters);
        Step(1 + (characters / CharactersAStep));
    }

    /// <summary>Makes items of a list or dictionary; to be called before they are made.</summary>
    public void CreateItems(long items)
    {
        Create(items * CharactersAnItem);
        Step(1 + items);
    }

    private void Create(long characters)
    {
        _created += characters;
        if (_created > JinjaLimits.Created)
            throw new JinjaException($"It creates more than {JinjaLimits.Created:N0} characters of text and lists.");
    }
}
