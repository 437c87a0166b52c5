using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Distributed;
using ChainRule.Kernels;

namespace ChainRule.Training;

/// <summary>How good predictions are.</summary>
/// <param name="Loss">The mean loss over the samples.</param>
/// <param name="Accuracy">For classes the share of samples whose class was predicted; null for values.</param>
/// <param name="RSquared">
/// For values the share of the variance that the predictions explain, R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²; null for classes, and
/// where all targets are equal.
/// </param>
public sealed record Evaluation(double Loss, double? Accuracy, double? RSquared)
{
    private const int BatchSize = 256;

    /// <summary>Predicts all samples, in inference mode, and compares.</summary>
    /// <param name="network">The network. It is in training mode again afterwards if it was before.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="inputs">One sample a row.</param>
    /// <param name="targets">As the loss takes them: see <see cref="Objective.Encode"/>.</param>
    /// <param name="objective">What the outputs mean.</param>
    /// <param name="collective">The processes that share the work, all of which call this and get the same answer; null for this one alone.</param>
    public static Evaluation Of<T>(Layer<T> network, Loss<T> loss, Tensor<T> inputs, Tensor<T> targets, Objective objective, ICollective? collective = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(objective);
        var batches = new Batches<T>(inputs, targets, BatchSize);
        bool wasTraining = network.IsTraining;
        network.IsTraining = false;
        try
        {
            double totalLoss = 0;
            double correct = 0;
            double squaredError = 0;
            collective ??= SingleProcess.Instance;
            for (int i = collective.Rank; i < batches.Count; i += collective.Size)
            {
                (Tensor<T> x, Tensor<T> y) = batches[i];
                Tensor<T> prediction = network.Forward(x);
                totalLoss += double.CreateTruncating(loss.Forward(prediction, y)) * x.Lengths[0];
                if (objective.IsClassification)
                {
                    correct += Correct(prediction, y, objective);
                }
                else
                {
                    double distance = double.CreateTruncating(TensorPrimitives.Distance<T>(prediction.AsSpan(), y.AsSpan()));
                    squaredError += distance * distance;
                }
            }

            Span<double> sums = [totalLoss, correct, squaredError];
            collective.Sum(sums);
            (totalLoss, correct, squaredError) = (sums[0], sums[1], sums[2]);
            double meanLoss = totalLoss / batches.Samples;
            return objective.IsClassification
                ? new Evaluation(meanLoss, correct / batches.Samples, null)
                : new Evaluation(meanLoss, null, Variation(targets) is > 0 and var variation ? 1 - (squaredError / variation) : null);
        }
        finally
        {
            network.IsTraining = wasTraining;
        }
    }

    private static int Correct<T>(Tensor<T> prediction, Tensor<T> target, Objective objective)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = (int)prediction.Lengths[0];
        ReadOnlySpan<T> p = prediction.AsSpan();
        ReadOnlySpan<T> y = target.AsSpan();
        int width = p.Length / rows;
        int correct = 0;
        for (int i = 0; i < rows; i++)
        {
            int expected = y.Length == rows ? int.CreateTruncating(y[i]) : objective.ClassOf(y.Slice(i * width, width));
            correct += objective.ClassOf(p.Slice(i * width, width)) == expected ? 1 : 0;
        }

        return correct;
    }

    /// <summary>Σ(y − ȳ)², with the mean of each column.</summary>
    private static double Variation<T>(Tensor<T> targets)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = (int)targets.Lengths[0];
        ReadOnlySpan<T> y = targets.AsSpan();
        int width = y.Length / rows;
        double variation = 0;
        for (int j = 0; j < width; j++)
        {
            double mean = 0;
            for (int i = 0; i < rows; i++)
            {
                mean += double.CreateTruncating(y[(i * width) + j]) / rows;
            }

            for (int i = 0; i < rows; i++)
            {
                double difference = double.CreateTruncating(y[(i * width) + j]) - mean;
                variation += difference * difference;
            }
        }

        return variation;
    }
}
