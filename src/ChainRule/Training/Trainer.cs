using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Training;

/// <summary>
/// The training loop: for each batch forward, loss, backward, update. A warm step allocates nothing.
/// </summary>
/// <param name="network">What learns.</param>
/// <param name="loss">How wrong it is.</param>
/// <param name="optimizer">How it changes; its learning rate is that of the start, and is so again afterwards.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Trainer<T>(Sequential<T> network, Loss<T> loss, Optimizer<T> optimizer)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Is told of every step, on this thread.</summary>
    public IProgress<StepReport>? StepProgress { get; init; }

    /// <summary>Is told of every epoch, on this thread.</summary>
    public IProgress<EpochReport>? EpochProgress { get; init; }

    /// <summary>Trains.</summary>
    /// <param name="inputs">One sample a row.</param>
    /// <param name="targets">As the loss takes them.</param>
    /// <param name="options">How.</param>
    /// <param name="validation">Measures the network after each epoch, e.g. by <see cref="Evaluation.Of"/>; null where nothing is held out.</param>
    /// <param name="cancellationToken">Stops after the current step. What has been learnt stays.</param>
    /// <exception cref="ArgumentException">Early stopping was asked for without a validation, or shapes do not match.</exception>
    public TrainingReport Train(Tensor<T> inputs, Tensor<T> targets, TrainingOptions options, Func<Evaluation>? validation = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.EarlyStopping is not null && validation is null)
        {
            throw new ArgumentException("Early stopping watches the validation loss, and there is no validation.", nameof(options));
        }

        var batches = new Batches<T>(inputs, targets, options.BatchSize);
        NumPyRandom? random = options.ShuffleSeed is { } seed ? new NumPyRandom(seed) : null;
        var lastGood = new Snapshot<T>(network);
        Snapshot<T>? best = options.EarlyStopping is null ? null : new Snapshot<T>(network);
        double bestLoss = double.PositiveInfinity;
        int sinceBest = 0;
        double initialRate = optimizer.LearningRate;
        var reports = new List<EpochReport>();
        long start = Stopwatch.GetTimestamp();
        TrainingReport Report(TrainingStop stopped, NonFinite? problem = null) => new(reports, stopped, Stopwatch.GetElapsedTime(start).TotalSeconds, problem);

        bool neededInputGradient = network.NeedsInputGradient;
        network.NeedsInputGradient = false;
        network.IsTraining = true;
        try
        {
            for (int epoch = 1; epoch <= options.Epochs; epoch++)
            {
                if (random is not null)
                {
                    batches.Shuffle(random);
                }

                long epochStart = Stopwatch.GetTimestamp();
                double lossSum = 0;
                double normSum = 0;
                double firstRate = 0;
                int samples = 0;
                for (int i = 0; i < batches.Count; i++)
                {
                    if (cancellationToken.IsCancellationRequested)
                    {
                        return Report(TrainingStop.Cancelled);
                    }

                    optimizer.LearningRate = initialRate * options.Schedule.Factor(((epoch - 1) * batches.Count) + i, options.Epochs * batches.Count);
                    firstRate = i == 0 ? optimizer.LearningRate : firstRate;
                    (Tensor<T> x, Tensor<T> y) = batches[i];
                    double batchLoss = double.CreateTruncating(loss.Forward(network.Forward(x), y));
                    double norm = double.NaN;
                    if (double.IsFinite(batchLoss))
                    {
                        network.Backward(loss.Backward());
                        norm = options.ClipNorm is { } maximum ? GradientNorm.Clip(network.Parameters, maximum) : GradientNorm.Of(network.Parameters);
                    }

                    if (!double.IsFinite(norm))
                    {
                        var problem = new NonFinite(epoch, i + 1, FirstNonFinite(x, batchLoss));
                        lastGood.Restore();
                        return Report(TrainingStop.Diverged, problem);
                    }

                    optimizer.Step();
                    int count = (int)x.Lengths[0];
                    samples += count;
                    lossSum += batchLoss * count;
                    normSum += norm;
                    StepProgress?.Report(new StepReport(epoch, samples, batchLoss));
                }

                double seconds = Stopwatch.GetElapsedTime(epochStart).TotalSeconds;
                Evaluation? evaluation = validation?.Invoke();
                var report = new EpochReport(epoch, seconds, samples / seconds, firstRate, lossSum / samples, normSum / batches.Count, evaluation);
                reports.Add(report);
                EpochProgress?.Report(report);
                lastGood.Take();
                if (best is not null)
                {
                    if (evaluation!.Loss < bestLoss)
                    {
                        bestLoss = evaluation.Loss;
                        sinceBest = 0;
                        best.Take();
                    }
                    else if (++sinceBest == options.EarlyStopping)
                    {
                        best.Restore();
                        return Report(TrainingStop.Early);
                    }
                }
            }

            best?.Restore();
            return Report(TrainingStop.Finished);
        }
        finally
        {
            optimizer.LearningRate = initialRate;
            network.NeedsInputGradient = neededInputGradient;
            foreach (Parameter<T> parameter in network.Parameters)
            {
                parameter.DiscardGradient();
            }
        }
    }

    /// <summary>Walks the road of the batch until something is not finite: inputs, parameters and outputs of each layer, loss, gradients.</summary>
    private string FirstNonFinite(Tensor<T> x, double batchLoss)
    {
        if (!IsFinite(x))
        {
            return "the inputs";
        }

        Tensor<T> activation = x;
        foreach (Layer<T> layer in network.Layers)
        {
            if (layer.Parameters.FirstOrDefault(parameter => !IsFinite(parameter.Value)) is { } parameter)
            {
                return parameter.Name;
            }

            activation = layer.Forward(activation);
            if (!IsFinite(activation))
            {
                return $"the output of {layer.Description}";
            }
        }

        return double.IsFinite(batchLoss) && network.Parameters.LastOrDefault(parameter => !IsFinite(parameter.Gradient)) is { } gradient
            ? $"the gradient of {gradient.Name}"
            : "the loss";
    }

    private static bool IsFinite(Tensor<T> tensor)
    {
        foreach (T value in tensor.AsSpan())
        {
            if (!T.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
