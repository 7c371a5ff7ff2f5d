using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Files;

namespace Tiebreak.Hosting.Security;

/// <summary>The callers of a service, in a JSON file: <c>{"keys": [{"name", "sha256", "scopes"?, "requests_per_minute"?}]}</c>.</summary>
/// <param name="Keys">The keys, by name.</param>
internal sealed record ApiKeyFile(IReadOnlyList<ApiKey> Keys)
{
    private const int MostBytes = 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is not there, or not such a file.</exception>
    public static ApiKeyFile Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes })
                throw Wrong(path, "it is larger than any list of keys");
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), ApiJson.Default.ApiKeyFile) ?? throw Wrong(path, "it is null");
            return file.Problem() is { } problem ? throw Wrong(path, problem) : file;
        }
        catch (JsonException exception)
        {
            throw Wrong(path, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong(path, exception.Message);
        }
    }

    /// <summary>The same with a key more, or another one of the same name.</summary>
    public ApiKeyFile With(ApiKey key) => new([.. Without(key.Name).Keys, key]);

    /// <summary>The same without a key.</summary>
    public ApiKeyFile Without(string name) =>
        new([.. Keys.Where(key => !string.Equals(key.Name, name, StringComparison.Ordinal))]);

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="TiebreakException">It cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, ApiJson.Default.ApiKeyFile));

    private string? Problem()
    {
        foreach (var key in Keys)
        {
            if (key.Sha256.Length != 64 || !key.Sha256.All(char.IsAsciiHexDigitLower))
                return $"the hash of \"{key.Name}\" is no SHA-256 in lower-case hexadecimal";
            if (key.Scopes?.FirstOrDefault(scope => !ApiKey.AllScopes.Contains(scope, StringComparer.Ordinal)) is { } unknown)
                return $"\"{key.Name}\" has the unknown scope \"{unknown}\"; known are {string.Join(", ", ApiKey.AllScopes)}";
            if (key.RequestsPerMinute < 1)
                return $"\"{key.Name}\" may send no request in a minute";
        }

        return Keys.CountBy(key => key.Name, StringComparer.Ordinal).FirstOrDefault(name => name.Value > 1).Key is { } twice
            ? $"\"{twice}\" is there twice"
            : null;
    }

    private static InputException Wrong(string path, string problem) => new($"{path} is no file of keys: {problem.TrimEnd('.')}.");
}
