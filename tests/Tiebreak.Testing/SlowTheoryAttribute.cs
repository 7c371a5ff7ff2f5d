using System.Runtime.CompilerServices;
using Xunit.v3;

namespace Tiebreak.Testing;

/// <summary>A theory that is slow as a test with <see cref="SlowFactAttribute"/> is.</summary>
public sealed class SlowTheoryAttribute : TheoryAttribute, ITraitAttribute
{
    internal static readonly KeyValuePair<string, string>[] Traits = [KeyValuePair.Create("Speed", "Slow")];

    public SlowTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Explicit = true;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => Traits;
}
