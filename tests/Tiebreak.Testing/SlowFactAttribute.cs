using System.Runtime.CompilerServices;
using Xunit.v3;

namespace Tiebreak.Testing;

/// <summary>
/// A test that takes too long for every <c>dotnet test</c>: it has the trait <c>Speed=Slow</c> and is explicit, so that only
/// <c>.ci/slow</c>, or whoever asks for it with <c>--explicit only</c>, runs it.
/// </summary>
public sealed class SlowFactAttribute : FactAttribute, ITraitAttribute
{
    public SlowFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Explicit = true;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => SlowTheoryAttribute.Traits;
}
