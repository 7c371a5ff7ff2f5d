using System.Text.Json.Serialization;

namespace Tiebreak.Core.Evaluation;

/// <summary>Something that is probably wrong with a judge's answers as a whole, rather than with single ones.</summary>
/// <param name="Kind">What looks wrong.</param>
/// <param name="Message">What was seen, and what usually causes it; one or two sentences.</param>
internal sealed record PredictionAlarm(PredictionAlarmKind Kind, string Message)
{
    /// <summary>False where only the probabilities are wrong: calibrating mends that, and verdicts stay what they are.</summary>
    [JsonIgnore]
    public bool IsAboutVerdicts => Kind is PredictionAlarmKind.Constant or PredictionAlarmKind.OneClass
        or PredictionAlarmKind.Exchanged or PredictionAlarmKind.Shifted or PredictionAlarmKind.MissingClass
        or PredictionAlarmKind.AntiCorrelated;
}

/// <summary>What can be wrong with answers as a whole.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PredictionAlarmKind>))]
internal enum PredictionAlarmKind
{
    /// <summary>Every battle gets the same preference.</summary>
    Constant,

    /// <summary>Nearly all battles get the same verdict, far more of them than people gave it.</summary>
    OneClass,

    /// <summary>The answers fit people far better with A and B exchanged.</summary>
    Exchanged,

    /// <summary>The answers fit people far better some rows up or down.</summary>
    Shifted,

    /// <summary>The probabilities are far too flat, as those that went through softmax twice.</summary>
    TooFlat,

    /// <summary>The probabilities are far too sharp, as scores or verdicts that are written as probabilities.</summary>
    TooSharp,

    /// <summary>Knowing nothing but the class shares would be better, and none of the other kinds explains it.</summary>
    WorseThanShares,

    /// <summary>No battle gets any of a class that people, or other judges, do name; looked for among members of ensembles.</summary>
    MissingClass,

    /// <summary>It contradicts the other members of its ensemble.</summary>
    AntiCorrelated,
}
