using System.CommandLine;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs;

/// <summary>The options of verbs that keep what they have finished in a folder, go on with it, and can work in the background.</summary>
internal sealed class WorkOptions
{
    private readonly Option<string?> _work;
    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with what has begun in --work; begin it if there is nothing.",
    };
    private readonly Option<bool> _detach = new(DetachedCommand.OptionName)
    {
        Description = "Go on in the background, also when the terminal closes; `tiebreak status --work` says how far it is.",
    };

    public WorkOptions(Command verb, string description)
    {
        _work = new Option<string?>("--work") { Description = description };
        verb.Add(_work);
        verb.Add(_resume);
        verb.Add(_detach);
    }

    /// <summary>The folder that is named; null for none.</summary>
    public string? Folder(ParseResult parse) => parse.GetValue(_work);

    public bool Resumes(ParseResult parse) => parse.GetValue(_resume);

    public bool Detaches(ParseResult parse) => parse.GetValue(_detach);

    /// <summary>Starts the same command in the background, with its work in a folder.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="InputException">This system cannot do it.</exception>
    public Task<int> DetachAsync(ParseResult parse, Session session, string folder) =>
        DetachedCommand.StartAsync(parse, session, _work.Name, folder, isNamed: Folder(parse) is not null);
}
