using Tiebreak.Core.Judging;

namespace Tiebreak.Features.Tests;

/// <summary>Keeps what a job reports.</summary>
internal sealed class Reports : IProgress<JobProgress>
{
    private readonly List<JobProgress> _reports = [];

    public void Report(JobProgress value)
    {
        lock (_reports)
            _reports.Add(value);
    }

    /// <summary>Checks that all reports are of one stage and total, begin at 0, end at the total, and say more than that.</summary>
    public void AreOfOneStage(string stage)
    {
        Assert.Equal([(stage, _reports[0].Total)], _reports.Select(report => (report.Stage, report.Total)).Distinct());
        Assert.Equal((0, _reports[0].Total), (_reports[0].Done, _reports[^1].Done));
        Assert.True(_reports.DistinctBy(report => report.Done).Count() > 5);
    }
}
