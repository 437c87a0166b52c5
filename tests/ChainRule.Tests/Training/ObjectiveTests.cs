using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Tests.Training;

public sealed class ObjectiveTests
{
    private static readonly Tensor<double> classes = Tensor.Create([1.0, 0, 1], [3]);

    [Fact]
    public void Targets_have_the_form_that_the_loss_takes()
    {
        Assert.Same(classes, Objective.ForClasses(LossKind.CrossEntropy, 2).Encode(classes));
        Assert.Equal([3, 1], Objective.ForClasses(LossKind.BinaryCrossEntropy, 2).Encode(classes).Lengths.ToArray());
        Assert.Equal([3, 1], Objective.ForClasses(LossKind.MeanSquaredError, 2).Encode(classes).Lengths.ToArray());
        Assert.Equal([0, 1, 0, 1, 0, 0, 0, 1, 0], Objective.ForClasses(LossKind.MeanSquaredError, 3).Encode(classes));
    }

    /// <summary>Each objective's own loss accepts its own targets and outputs.</summary>
    [Theory]
    [InlineData(LossKind.CrossEntropy, 2, 2)]
    [InlineData(LossKind.CrossEntropy, 3, 3)]
    [InlineData(LossKind.BinaryCrossEntropy, 2, 1)]
    [InlineData(LossKind.MeanSquaredError, 2, 1)]
    [InlineData(LossKind.MeanSquaredError, 3, 3)]
    public void Outputs_targets_and_loss_go_together(LossKind kind, int count, int outputs)
    {
        var objective = Objective.ForClasses(kind, count);
        Assert.Equal(outputs, objective.Outputs);
        Tensor<double> a = Tensor.Create([.. Enumerable.Range(0, 3 * outputs).Select(i => 0.1 * i)], [3, outputs]);
        a = objective.OutputActivation<double>()?.Forward(a) ?? a;
        Assert.True(double.IsFinite(objective.CreateLoss<double>().Forward(a, objective.Encode(classes))));
        Tensor<double> probabilities = objective.Probabilities(a);
        Assert.Equal([3, count], probabilities.Lengths.ToArray());
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(1, Enumerable.Range(0, count).Sum(j => probabilities[i, j]), 1e-15);
            int likeliest = Enumerable.Range(0, count).MaxBy(j => probabilities[i, j]);
            Assert.Equal(likeliest, objective.ClassOf<double>(a.ToArray().AsSpan(i * outputs, outputs)));
        }
    }

    [Fact]
    public void Numbers_of_classes_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Objective.ForClasses(LossKind.CrossEntropy, 1));
        Assert.Throws<ArgumentException>(() => Objective.ForClasses(LossKind.BinaryCrossEntropy, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Objective.ForValues(0));
    }
}
