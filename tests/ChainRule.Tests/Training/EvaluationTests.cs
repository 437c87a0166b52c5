using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Tests.Training;

public sealed class EvaluationTests
{
    private readonly Flatten<double> identity = new();

    [Fact]
    public void Accuracy_counts_the_largest_of_several_and_a_single_one_by_its_half()
    {
        Tensor<double> logits = Tensor.Create([1.0, 3, 2, 5, 4, 0, 0, 0, 1, 2, 2, 1], [4, 3]);
        Evaluation several = Evaluation.Of(identity, new SoftmaxCrossEntropy<double>(), logits, Tensor.Create([1.0, 0, 1, 0], [4]), Objective.ForClasses(LossKind.CrossEntropy, 3));
        Assert.Equal(0.75, several.Accuracy);
        Tensor<double> probabilities = Tensor.Create([0.9, 0.5, 0.1], [3, 1]);
        Evaluation single = Evaluation.Of(identity, new BinaryCrossEntropy<double>(), probabilities, Tensor.Create([1.0, 1, 0], [3, 1]), Objective.ForClasses(LossKind.MeanSquaredError, 2));
        Assert.Equal(2.0 / 3, single.Accuracy);
        Tensor<double> singleLogits = Tensor.Create([0.4, -0.1, -3], [3, 1]); // a logit's half is 0
        Evaluation logit = Evaluation.Of(identity, new BinaryCrossEntropyWithLogits<double>(), singleLogits, Tensor.Create([1.0, 1, 0], [3, 1]), Objective.ForClasses(LossKind.BinaryCrossEntropy, 2));
        Assert.Equal(2.0 / 3, logit.Accuracy);
    }

    /// <summary>Against sklearn.metrics.r2_score([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]) = 0.9486081370449679.</summary>
    [Fact]
    public void R_squared_is_the_explained_share_of_the_variance()
    {
        Evaluation evaluation = Evaluation.Of(identity, new MeanSquaredError<double>(), Tensor.Create([2.5, 0.0, 2, 8], [4, 1]), Tensor.Create([3.0, -0.5, 2, 7], [4, 1]), Objective.ForValues(1));
        Assert.Equal(0.9486081370449679, evaluation.RSquared!.Value, 1e-14);
        Assert.Equal(0.375, evaluation.Loss, 1e-14);
        Assert.Null(Evaluation.Of(identity, new MeanSquaredError<double>(), Tensor.Create([1.0, 2], [2, 1]), Tensor.Create([3.0, 3], [2, 1]), Objective.ForValues(1)).RSquared);
    }

    [Fact]
    public void It_runs_in_inference_mode_and_gives_the_mode_back()
    {
        Assert.True(identity.IsTraining);
        Evaluation.Of(identity, new MeanSquaredError<double>(), Tensor.Create([1.0], [1, 1]), Tensor.Create([1.0], [1, 1]), Objective.ForValues(1));
        Assert.True(identity.IsTraining);
    }
}
