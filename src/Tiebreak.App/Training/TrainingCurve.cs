namespace Tiebreak.App.Training;

/// <summary>The course of one run through the data: of a fold, or of the judge itself.</summary>
/// <param name="Run">The run: <c>fold 1 of 5</c>, <c>the judge</c>.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Points">The course, from the first step to the last.</param>
/// <param name="Evaluations">What the model had on battles that it does not learn from.</param>
public sealed record TrainingCurve(
    string Run, int Steps, IReadOnlyList<TrainingCurvePoint> Points, IReadOnlyList<EvaluatedStep> Evaluations);

/// <summary>Some steps of a training, one after another.</summary>
/// <param name="Step">The number of the last of them, from 1.</param>
/// <param name="Loss">The mean of what is made small: with label smoothing, teachers and whatever else the recipe says.</param>
/// <param name="LogLoss">The mean log loss on the examples of the steps, which is to be compared with that of an evaluation.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="TokensPerSecond">Tokens a second that were learned from until then, since the process began.</param>
public sealed record TrainingCurvePoint(int Step, double Loss, double LogLoss, double LearningRate, double TokensPerSecond);

/// <summary>What a model had between two steps on battles that it does not learn from.</summary>
/// <param name="Step">After how many steps.</param>
/// <param name="LogLoss">The mean log loss.</param>
public sealed record EvaluatedStep(int Step, double LogLoss);
