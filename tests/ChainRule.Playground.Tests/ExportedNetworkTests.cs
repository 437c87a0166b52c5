using System.Numerics.Tensors;
using ChainRule.Playground.Session;
using ChainRule.Serialization;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Playground.Tests;

/// <summary>What is taken along computes what the page shows.</summary>
public sealed class ExportedNetworkTests
{
    [Theory]
    [InlineData(Precision.Bits32)]
    [InlineData(Precision.Bits64)]
    public void A_model_file_gives_the_predictions_of_the_page(Precision precision)
    {
        OwnData own = OwnData.FromCsv("a,b,kind\n1,20,yes\n3,40,no\n5,10,no\n2,30,yes\n9,60,no\n", "own.csv");
        TrainingRun run = TrainingRun.Start(SetupRules.Fit(Setup.Default with
        {
            Data = new DataSetup(DataSetup.Own, 5, 0, 0, 1, own),
            Training = Setup.Default.Training with { Precision = precision },
        }));
        run.Train(20);
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, ExportedNetwork.SafeTensors(run));
            TrainedModel<double> model = ModelFile.Read<double>(path);
            Assert.Equal(["no", "yes"], model.ClassNames.Order());

            // The file takes the samples as they came: its normalisation is the page's.
            Tensor<double> probabilities = model.Objective.Probabilities(model.Predict(Tensor.Create([.. own.Inputs], [5, 2])));
            IReadOnlyList<double> shown = run.Predictions(ofTest: false);
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(shown[i], probabilities[i, 1], precision == Precision.Bits32 ? 1e-6 : 1e-12);
            }

            File.WriteAllBytes(path, ExportedNetwork.Npz(run));
            Assert.Equal(run.Save().Values.Select(values => values.Length), NpzFile.Read<double>(path).Tensors.Values.Select(tensor => (int)tensor.FlattenedLength));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(LossKind.BinaryCrossEntropy)]
    [InlineData(LossKind.CrossEntropy)]
    [InlineData(LossKind.MeanSquaredError)]
    public void The_V_curve_has_its_bottom_between_rounding_and_curvature_and_changes_nothing(LossKind loss)
    {
        TrainingRun run = TrainingRun.Start(Setup.Default with { Training = Setup.Default.Training with { Loss = loss } });
        run.Train(7);
        int version = run.Version;
        double[] before = run.Save().Values[0];
        var entry = new Entry(0, 1, 2);
        StepCurve curve = StepCurve.Of(run, entry, run.Explain(entry).Derivation.Gradient)!;
        (double wide, double wideError) = curve.Bits64.MinBy(point => point.Error);
        (double single, double singleError) = curve.Bits32.MinBy(point => point.Error);
        Assert.InRange(wide, 1e-8, 1e-3);
        Assert.InRange(wideError, 0, 1e-6);
        Assert.True(single > wide, $"float32 has its bottom at {single}, float64 at {wide}.");
        Assert.True(singleError > wideError);
        Assert.True(curve.Bits64[0].Error > 100 * wideError && curve.Bits64[^1].Error > 100 * wideError);
        Assert.Equal(before, run.Save().Values[0]);
        Assert.Equal(version, run.Version);
        Assert.Null(StepCurve.Of(run, entry, 0));
    }
}
