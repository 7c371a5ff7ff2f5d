using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Cli.Output;
using Tiebreak.Data;

namespace Tiebreak.Cli.Verbs;

/// <summary>A verb of the command, with the options that all verbs share.</summary>
internal abstract class Verb : Command
{
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object for machines instead of text for people." };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of every random choice.", DefaultValueFactory = _ => 0 };
    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads to use.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };
    private readonly Option<string?> _log = new("--log")
    {
        Description = "Append what judges, runs and trainings do, and at the end what was counted, to this file as JSON lines; "
            + "- for standard error.",
    };

    private readonly Option<bool> _invariant = new("--invariant")
    {
        Description = "Transformer judges compute each battle by itself: the same bits whatever is judged with it, but slower.",
    };
    private readonly Option<string> _layerMajor = new("--layer-major")
    {
        Description = "Transformer judges hold two layers in memory at a time: auto (where memory does not hold the model), always, never.",
        DefaultValueFactory = _ => "auto",
    };
    private readonly MembersOption _members = new();
    private readonly InputOptions _input = new();
    private bool _readsInput;

    protected Verb(string name, string description, Surface surface)
        : base(name, description)
    {
        Add(_json);
        Add(_seed);
        Add(_threads);
        _layerMajor.AcceptOnlyFromAmong("auto", "always", "never");
        _threads.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() < 1)
                result.AddError("--threads must be 1 or more.");
        });
        SetAction(async (parse, cancellationToken) =>
        {
            var path = Options.Contains(_log) ? parse.GetValue(_log) : null;
            using var log = path is null ? null : LogFile.Open(path, surface.Error.Profile.Out.Writer);
            var session = new Session
            {
                Surface = surface,
                Json = WantsJson(parse),
                Seed = parse.GetValue(_seed),
                Threads = parse.GetValue(_threads),
                Reading = _readsInput ? _input.Of(parse) : new BattleReadOptions(),
                AcceptsLoss = _readsInput && _input.AcceptsLoss(parse),
                Device = Options.Contains(Device) ? DeviceOf(parse) : Session.Cpu,
                IsInvariant = Options.Contains(_invariant) && parse.GetValue(_invariant),
                LayerMajor = !Options.Contains(_layerMajor) ? null : parse.GetRequiredValue(_layerMajor) switch
                {
                    "always" => true,
                    "never" => false,
                    _ => null,
                },
                Members = Options.Contains(_members) ? parse.GetValue(_members) : null,
                Log = path,
                LoggerFactory = log is null ? NullLoggerFactory.Instance : log,
            };
            return await RunAsync(parse, session, cancellationToken);
        });
    }

    /// <summary>Command lines that <c>--help</c> shows at its end, without the leading "tiebreak".</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Whether a command line of this verb asks for JSON.</summary>
    public bool WantsJson(ParseResult parse) => parse.GetValue(_json);

    /// <summary>The option that names devices; see <see cref="AddJudgeOptions"/>.</summary>
    protected DeviceOption Device { get; } = new();

    /// <summary>Whether this verb shares its work among several devices.</summary>
    protected virtual bool SharesDevices => false;

    /// <summary>The device of this process.</summary>
    protected virtual string DeviceOf(ParseResult parse) => Device.First(parse, SharesDevices);

    /// <summary>Adds the options of verbs that work with judges of any kind: a transformer judge computes with tensors.</summary>
    protected void AddJudgeOptions()
    {
        if (SharesDevices)
        {
            Device.Description = "Where transformer judges compute: cpu, cuda:0, a list with one worker process each, such as "
                + "cuda:0,cuda:1, or cuda:0+cuda:1 with half of the layers on each.";
        }

        Add(Device);
        Add(_invariant);
        Add(_layerMajor);
        Add(new LibTorchOption());
        Add(_log);
    }

    /// <summary>Adds the option of verbs that open judges which may be ensembles.</summary>
    protected void AddMembersOption() => Add(_members);

    /// <summary>Adds the options of verbs that read battles or votes.</summary>
    /// <param name="ofTestRows">True for a verb that may lose no row; it cannot leave any out.</param>
    protected void AddInputOptions(bool ofTestRows = false)
    {
        _readsInput = true;
        _input.AddTo(this, ofTestRows);
    }

    /// <summary>Adds the option of verbs that read test data only for its ids.</summary>
    protected void AddIdColumnOption()
    {
        _readsInput = true;
        _input.AddIdColumnTo(this);
    }

    /// <summary>Does the work.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken);
}
