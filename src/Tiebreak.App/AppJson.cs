using System.Text.Json;
using System.Text.Json.Serialization;
using Tiebreak.App.Auditing;
using Tiebreak.App.Benchmarks;
using Tiebreak.App.Calibrating;
using Tiebreak.App.Comparing;
using Tiebreak.App.Curation;
using Tiebreak.App.Ensembles;
using Tiebreak.App.Evaluating;
using Tiebreak.App.Predicting;
using Tiebreak.App.Ranking;
using Tiebreak.App.Routing;
using Tiebreak.App.Searching;
using Tiebreak.App.Submissions;
using Tiebreak.App.Topics;
using Tiebreak.App.Training;
using Tiebreak.App.Validating;
using Tiebreak.App.Watching;
using Tiebreak.Core.Abstention;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Json;
using Tiebreak.Data.Agreement;
using Tiebreak.Ratings.Diagnostics;
using Tiebreak.Ratings.Routing;
using Tiebreak.Ratings.Slices;
using Tiebreak.Runs.Leases;

namespace Tiebreak.App;

/// <summary>The results of use cases as JSON: names in snake_case, null for numbers that do not exist.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    Converters = [typeof(FiniteNumberConverter), typeof(IntervalConverter)])]
[JsonSerializable(typeof(AuditDocument))]
[JsonSerializable(typeof(BenchmarkDocument))]
[JsonSerializable(typeof(BlendDocument))]
[JsonSerializable(typeof(CalibrationDocument))]
[JsonSerializable(typeof(CascadeReport))]
[JsonSerializable(typeof(ChoicesDocument))]
[JsonSerializable(typeof(CleaningDocument))]
[JsonSerializable(typeof(ComparisonDocument))]
[JsonSerializable(typeof(ConvertedBattles))]
[JsonSerializable(typeof(DeduplicationDocument))]
[JsonSerializable(typeof(EnsembleDocument))]
[JsonSerializable(typeof(EnsembleReport))]
[JsonSerializable(typeof(EvaluationDocument))]
[JsonSerializable(typeof(FileComparisonDocument))]
[JsonSerializable(typeof(FragilityResult))]
[JsonSerializable(typeof(JoinedRun))]
[JsonSerializable(typeof(JudgedLeaderboardDocument))]
[JsonSerializable(typeof(LabellingDocument))]
[JsonSerializable(typeof(LeaderboardDocument))]
[JsonSerializable(typeof(LearningCurveDocument))]
[JsonSerializable(typeof(LedgerDocument))]
[JsonSerializable(typeof(LogLossDocument))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(PredictionChoiceDocument))]
[JsonSerializable(typeof(PredictionDocument))]
[JsonSerializable(typeof(PredictionsDocument))]
[JsonSerializable(typeof(RehearsalDocument))]
[JsonSerializable(typeof(RepairDocument))]
[JsonSerializable(typeof(RoutingChoice))]
[JsonSerializable(typeof(RoutingDocument))]
[JsonSerializable(typeof(RoutingTrainingDocument))]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(NearestDocument))]
[JsonSerializable(typeof(SampleDocument))]
[JsonSerializable(typeof(SearchDocument))]
[JsonSerializable(typeof(SplitDocument))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(SubmissionDocument))]
[JsonSerializable(typeof(TopicsDocument))]
[JsonSerializable(typeof(TrainingDocument))]
[JsonSerializable(typeof(TrainingStatusDocument))]
[JsonSerializable(typeof(Truncation))]
[JsonSerializable(typeof(ValidationDocument))]
[JsonSerializable(typeof(WatchDocument))]
public sealed partial class AppJson : JsonSerializerContext;

/// <summary>JSON that is only read or written inside of documents, in the same form.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(FiniteNumberConverter), typeof(IntervalConverter)])]
[JsonSerializable(typeof(AbstentionCheck))]
[JsonSerializable(typeof(AcceptabilityResult))]
[JsonSerializable(typeof(AnnotatorAgreement))]
[JsonSerializable(typeof(CheckedJudge))]
[JsonSerializable(typeof(DecisiveResult))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[JsonSerializable(typeof(Dictionary<string, SliceMetrics>))]
[JsonSerializable(typeof(IReadOnlyList<PredictionAlarm>))]
[JsonSerializable(typeof(IReadOnlyList<SliceAgreement>))]
[JsonSerializable(typeof(IReadOnlyList<SliceLeaderboard>))]
[JsonSerializable(typeof(IReadOnlyList<TellingFeature>))]
[JsonSerializable(typeof(PeopleBeside))]
[JsonSerializable(typeof(LeaseOwner))]
[JsonSerializable(typeof(TrainingReport))]
[JsonSerializable(typeof(TrialScore))]
[JsonSerializable(typeof(VotesToCollect))]
internal sealed partial class InnerJson : JsonSerializerContext
{
    /// <summary>Alarms about answers as a whole.</summary>
    public static JsonElement Of(IReadOnlyList<PredictionAlarm> alarms) =>
        JsonSerializer.SerializeToElement(alarms, Default.IReadOnlyListPredictionAlarm);
}
