using System.CommandLine;
using System.Text.Json.Serialization;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Hosting.Security;

namespace Tiebreak.Cli.Verbs;

internal sealed class KeysVerb : Command
{
    private const string DefaultFile = "keys.json";

    public KeysVerb(Surface surface)
        : base("keys", "Keep the keys that serve lets in.")
    {
        Add(new AddVerb(surface));
        Add(new RemoveVerb(surface));
    }

    private static Argument<string> NameArgument() => new("name") { Description = "Who uses the key." };

    private static Option<string> FileOption() => new("--file") { Description = "The keys.", DefaultValueFactory = _ => DefaultFile };

    private sealed class AddVerb : Verb
    {
        private readonly Argument<string> _name = NameArgument();
        private readonly Option<string> _file = FileOption();
        private readonly Option<string[]> _scopes = new("--scopes")
        {
            Description = "What the key is for, such as judge rate; without it, for everything.",
            AllowMultipleArgumentsPerToken = true,
        };
        private readonly Option<int?> _perMinute = new("--per-minute") { Description = "Most requests in a minute. Default: no limit." };

        public AddVerb(Surface surface)
            : base("add", "Make a key and print it once. A name that is there gets another key.", surface)
        {
            Add(_name);
            foreach (var option in (Option[])[_file, _scopes, _perMinute])
                Add(option);
            Examples = ["keys add shop", "keys add shop --scopes judge rate --per-minute 600"];
        }

        protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
        {
            var path = parse.GetRequiredValue(_file);
            string[] scopes = parse.GetValue(_scopes) ?? [];
            if (Array.Find(scopes, scope => !ApiKey.AllScopes.Contains(scope, StringComparer.Ordinal)) is { } unknown)
                throw new InputException($"--scopes has no \"{unknown}\"; known are {string.Join(", ", ApiKey.AllScopes)}.");
            var perMinute = parse.GetValue(_perMinute);
            if (perMinute < 1)
                throw new InputException("--per-minute must be 1 or more.");

            var key = ApiKey.Create();
            var entry = new ApiKey
            {
                Name = parse.GetRequiredValue(_name),
                Sha256 = ApiKey.HashOf(key),
                Scopes = scopes.Length > 0 ? scopes : null,
                RequestsPerMinute = perMinute,
            };
            var file = (File.Exists(path) ? ApiKeyFile.Read(path) : new ApiKeyFile([])).With(entry);
            file.Write(path);
            session.Say($"Wrote {path}: {Quantity.Of(file.Keys.Count, "key")}. A service that runs reads it when it starts again.");
            session.Say($"The key of {entry.Name}, which is kept nowhere: {key}");
            session.Emit(new KeyChange(path, file.Keys.Count) { Key = key }, () => CommandJson.Default.KeyChange);
            return Task.FromResult(TiebreakCommand.Ok);
        }
    }

    private sealed class RemoveVerb : Verb
    {
        private readonly Argument<string> _name = NameArgument();
        private readonly Option<string> _file = FileOption();

        public RemoveVerb(Surface surface)
            : base("remove", "Forget a key.", surface)
        {
            Add(_name);
            Add(_file);
            Examples = ["keys remove shop"];
        }

        protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
        {
            var (path, name) = (parse.GetRequiredValue(_file), parse.GetRequiredValue(_name));
            var before = ApiKeyFile.Read(path);
            var file = before.Without(name);
            if (file.Keys.Count == before.Keys.Count)
            {
                var names = string.Join(", ", file.Keys.Select(key => key.Name));
                throw new InputException($"{path} has no key of \"{name}\"; it has those of {names}.");
            }

            file.Write(path);
            session.Say($"Wrote {path}: {Quantity.Of(file.Keys.Count, "key")}. A service that runs reads it when it starts again.");
            session.Emit(new KeyChange(path, file.Keys.Count), () => CommandJson.Default.KeyChange);
            return Task.FromResult(TiebreakCommand.Ok);
        }
    }
}

/// <summary>A file of keys that was changed.</summary>
/// <param name="File">The file.</param>
/// <param name="Keys">How many keys it has now.</param>
internal sealed record KeyChange(string File, int Keys)
{
    /// <summary>The new key, which is kept nowhere; null where none was made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }
}
