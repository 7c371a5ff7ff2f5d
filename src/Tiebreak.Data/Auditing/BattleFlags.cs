namespace Tiebreak.Data.Auditing;

/// <summary>What can be said about one battle by itself.</summary>
[Flags]
internal enum BattleFlags
{
    None = 0,
    BlankPrompt = 1 << 0,
    NullResponse = 1 << 1,
    EmptyResponse = 1 << 2,
    BothBlank = 1 << 3,
    OneSideBlank = 1 << 4,
    Identical = 1 << 5,
    IdenticalWithWinner = 1 << 6,
    RepeatsPrompt = 1 << 7,
    OneRefuses = 1 << 8,
    BothRefuse = 1 << 9,
    SpeaksAsMachine = 1 << 10,
    BrokenUnicode = 1 << 11,
    RevealsIdentity = 1 << 12,
}
