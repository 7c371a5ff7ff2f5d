namespace Tiebreak.Tokenization.Processing;

/// <summary>
/// Working memory of a thread that is used again and again, for steps that are nested and so cannot all share that of the
/// <see cref="Workspace"/>.
/// </summary>
/// <typeparam name="T">A list; it is lent as its last user left it.</typeparam>
internal static class Reused<T>
    where T : class, new()
{
    [ThreadStatic]
    private static Stack<T>? _idle;

    public static T Rent() => _idle is not null && _idle.TryPop(out var memory) ? memory : new T();

    /// <summary>Gives it back. What is not given back, because something threw, is made anew the next time.</summary>
    public static void Return(T memory) => (_idle ??= new Stack<T>()).Push(memory);
}
