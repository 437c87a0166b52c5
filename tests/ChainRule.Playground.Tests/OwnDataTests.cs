using ChainRule.Playground.Session;
using Xunit;

namespace ChainRule.Playground.Tests;

public sealed class OwnDataTests
{
    [Fact]
    public void Csv_with_classes_becomes_standardised_samples()
    {
        OwnData own = OwnData.FromCsv("width,height,kind\n1,10,cat\n2,20,dog\n3,30,cat\n4,40,dog\n", "pets.csv");
        Assert.Equal(["cat", "dog"], own.ClassNames);
        Assert.Equal(["width", "height"], own.FeatureNames);
        TrainingRun run = TrainingRun.Start(SetupRules.Fit(Setup.Default with { Data = new DataSetup(DataSetup.Own, 100, 0, 0, 1, own) }));
        Assert.Equal(4, run.Samples.Train.Count);
        Assert.Equal(0, run.Samples.Train.Inputs.Sum(), 1e-12);
        Assert.Equal(20, run.Train(20));
    }

    [Fact]
    public void Csv_with_values_becomes_a_regression()
    {
        OwnData own = OwnData.FromCsv("1,2.5\n2,3.5\n3,4.75\n", "line.csv");
        Assert.Empty(own.ClassNames);
        TrainingRun run = TrainingRun.Start(SetupRules.Fit(Setup.Default with { Data = new DataSetup(DataSetup.Own, 100, 0, 0.34, 1, own) }));
        Assert.Equal((2, 1, Training.LossKind.MeanSquaredError), (run.Samples.Train.Count, run.Samples.Test!.Count, run.Setup.Training.Loss));
        Assert.Equal(9, run.Train(9));
    }

    [Theory]
    [InlineData("a,b\n1,x,3\n", "line 2")]
    [InlineData("", "no rows")]
    [InlineData("1,cat\nhello,dog\n", "hello")]
    [InlineData("1,cat\n2,cat\n", "cat")]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,0\n1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,1\n", "17 features")]
    public void Csv_that_cannot_be_used_is_refused_with_its_place(string csv, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => OwnData.FromCsv(csv, "mine.csv")).Message, StringComparison.Ordinal);

    [Fact]
    public void Drawn_points_stay_where_they_were_drawn()
    {
        OwnData own = OwnData.FromPoints([new DrawnPoint(0.25, -0.5, 0), new DrawnPoint(-0.75, 0.5, 1)]);
        TrainingRun run = TrainingRun.Start(Setup.Default with { Data = new DataSetup(DataSetup.Own, 100, 0, 0, 1, own) });
        Assert.Equal([0.25, -0.5, -0.75, 0.5], run.Samples.Train.Inputs);
        Assert.Throws<FormatException>(() => OwnData.FromPoints([]));
    }
}
