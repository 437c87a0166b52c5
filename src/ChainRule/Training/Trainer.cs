using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Distributed;
using ChainRule.Kernels;
using ChainRule.Losses;

namespace ChainRule.Training;

/// <summary>
/// The training loop: for each batch forward, loss, backward, update. A warm step allocates nothing.
/// </summary>
/// <remarks>
/// <para>
/// A batch can be taken in parts (<see cref="TrainingOptions.MicroBatchSize"/>): L is a mean, so the mean over the batch is that of
/// its parts, weighted by their samples, and ∂L/∂θ = Σ over the parts of (their weight / the weight of all) · ∂L(part)/∂θ.
/// </para>
/// <para>
/// Several processes that share a <see cref="Collective"/> train one network: all call <see cref="Train"/> with the same samples and
/// options, each computes its share of every batch, and each makes the step of the whole batch. Layers that look at the whole batch
/// look at the share: the means and variances of batch normalisation are those of the share, and its running statistics the
/// means over the ranks. Dropout draws other numbers on each rank.
/// </para>
/// </remarks>
/// <param name="network">What learns.</param>
/// <param name="loss">How wrong it is.</param>
/// <param name="optimizer">How it changes; its learning rate is that of the start, and is so again afterwards.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Trainer<T>(Sequential<T> network, Loss<T> loss, Optimizer<T> optimizer)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// What is added to the loss for large parameters; null for nothing. The network learns from its gradient, which is part of the
    /// norm too; the losses that are reported are those without it, so that they compare with those of held-out samples.
    /// </summary>
    public Penalty<T>? Penalty { get; init; }

    /// <summary>Is told of every step, on this thread.</summary>
    public IProgress<StepReport>? StepProgress { get; init; }

    /// <summary>Is told of every epoch, on this thread.</summary>
    public IProgress<EpochReport>? EpochProgress { get; init; }

    /// <summary>The processes that train together; this one alone where nothing is said.</summary>
    public ICollective Collective { get; init; } = SingleProcess.Instance;

    /// <summary>How many bytes of gradients are collected before their sum over the processes starts, beside the rest of the backward pass.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int BucketBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1 << 20;

    /// <summary>Trains.</summary>
    /// <param name="inputs">One sample a row.</param>
    /// <param name="targets">As the loss takes them.</param>
    /// <param name="options">How.</param>
    /// <param name="validation">Measures the network after each epoch, e.g. by <see cref="Evaluation.Of"/>; null where nothing is held out.</param>
    /// <param name="cancellationToken">Stops after the current step. What has been learnt stays.</param>
    /// <exception cref="ArgumentException">Early stopping was asked for without a validation, or shapes do not match.</exception>
    /// <exception cref="InvalidDataException">The checkpoint to go on from is damaged, or of another run.</exception>
    /// <exception cref="IOException">A checkpoint cannot be read or written; the last one that was written is as it was.</exception>
    /// <exception cref="CollectiveException">A process is lost, or differs from the others.</exception>
    public TrainingReport Train(Tensor<T> inputs, Tensor<T> targets, TrainingOptions options, Func<Evaluation>? validation = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.EarlyStopping is not null && validation is null)
        {
            throw new ArgumentException("Early stopping watches the validation loss, and there is no validation.", nameof(options));
        }

        var batches = new Batches<T>(inputs, targets, options.BatchSize);
        var state = new TrainingState<T>(network, optimizer, batches, options, Collective);
        double initialRate = optimizer.LearningRate;
        var checkpoints = new Checkpoints(options, SettingsOf(options, batches, initialRate, state.IsRandom), state.Write, isWriter: Collective.Rank == 0);
        using GradientExchange<T>? exchange = Collective.Size > 1 ? Join(state, checkpoints, options) : null;
        if (exchange is null && options.ResumeFrom is { } file)
        {
            CheckpointFile.Read(file, checkpoints.Settings, state.Read);
        }

        long start = Stopwatch.GetTimestamp();
        long epochStart = start;
        bool neededInputGradient = network.NeedsInputGradient;
        network.NeedsInputGradient = false;
        network.IsTraining = true;
        bool stopWanted = false;
        try
        {
            while (state.Epoch <= options.Epochs && !(state.SinceBest >= options.EarlyStopping))
            {
                if (exchange is null ? cancellationToken.IsCancellationRequested : stopWanted)
                {
                    Save();
                    return Report(TrainingStop.Cancelled);
                }

                if (state.Batch == 0)
                {
                    state.Shuffle();
                }

                NonFinite? problem = exchange is null
                    ? Step(batches, state, options, initialRate)
                    : Step(exchange, batches, state, options, initialRate, cancellationToken.IsCancellationRequested, out stopWanted);
                if (problem is not null)
                {
                    state.LastGood.Restore();
                    return Report(TrainingStop.Diverged, problem);
                }

                state.Batch++;
                bool isEnd = state.Batch == batches.Count;
                if (isEnd)
                {
                    PauseClock();
                    EndEpoch(state, batches, validation);
                    Agreement.RequireSameBits(Collective, network.Parameters.Select(parameter => parameter.Value), $"parameters after epoch {state.Epoch - 1}");
                    epochStart = Stopwatch.GetTimestamp();
                }

                if (checkpoints.IsDue(StepsDone(), isEnd))
                {
                    Save();
                }
            }

            Save();
            state.Best?.Restore();
            return Report(state.Epoch <= options.Epochs ? TrainingStop.Early : TrainingStop.Finished);
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

        TrainingReport Report(TrainingStop stopped, NonFinite? problem = null) =>
            new(state.Reports, stopped, state.Seconds + Stopwatch.GetElapsedTime(start).TotalSeconds, problem);

        long StepsDone() => ((state.Epoch - 1L) * batches.Count) + state.Batch;

        void PauseClock() => state.EpochSeconds += Stopwatch.GetElapsedTime(epochStart).TotalSeconds;

        void Save()
        {
            PauseClock();
            state.Seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            state.Gather();
            checkpoints.Save(StepsDone());
            epochStart = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Makes sure that the processes train the same network, and starts them from one place.</summary>
    private GradientExchange<T> Join(TrainingState<T> state, Checkpoints checkpoints, TrainingOptions options)
    {
        string parameters = string.Join(", ", network.Parameters.Select(parameter => $"{parameter.Name} {Shape.Describe(parameter.Value.Lengths)}"));
        Agreement.RequireSame(Collective, [.. checkpoints.Settings, new("list of parameters", parameters), new("number of epochs", $"{options.Epochs}"), new("checkpoint", $"{options.Checkpoint}"), new("resumption", options.ResumeFrom is null ? "no" : "yes")]);
        if (options.ResumeFrom is { } file)
        {
            // Only rank 0 needs to see the file.
            CheckpointFile.Read(file, Agreement.Share(Collective, Collective.Rank == 0 ? File.ReadAllBytes(file) : [], 0), checkpoints.Settings, state.Read);
        }
        else
        {
            state.StartTogether();
        }

        return new GradientExchange<T>(network, Collective, BucketBytes);
    }

    /// <summary>Forward, loss, backward, update for one batch.</summary>
    /// <returns>Where a number stopped being finite; null where all is well.</returns>
    private NonFinite? Step(Batches<T> batches, TrainingState<T> state, TrainingOptions options, double initialRate)
    {
        SetLearningRate(batches, state, options, initialRate);
        int count = batches.SizeOf(state.Batch);
        (Tensor<T> x, double batchLoss) = AddGradients(batches, state.Batch, options.MicroBatchSize ?? count);
        double norm = double.NaN;
        if (double.IsFinite(batchLoss))
        {
            Penalty?.AddGradient();
            norm = options.ClipNorm is { } maximum ? GradientNorm.Clip(network.Parameters, maximum) : GradientNorm.Of(network.Parameters);
        }

        if (!double.IsFinite(norm))
        {
            return new NonFinite(state.Epoch, state.Batch + 1, FirstNonFinite(x, batchLoss));
        }

        Update(state, count, batchLoss, norm);
        return null;
    }

    /// <summary>The same with this rank's share of the batch. Whatever is decided is decided by what all ranks know.</summary>
    /// <param name="exchange">Makes the gradient of the batch of those of the shares.</param>
    /// <param name="batches">The samples.</param>
    /// <param name="state">Where training stands.</param>
    /// <param name="options">How it goes about it.</param>
    /// <param name="initialRate">The learning rate that the schedule starts from.</param>
    /// <param name="stop">Whether this rank wants to stop.</param>
    /// <param name="stopWanted">Whether any rank does.</param>
    private NonFinite? Step(GradientExchange<T> exchange, Batches<T> batches, TrainingState<T> state, TrainingOptions options, double initialRate, bool stop, out bool stopWanted)
    {
        SetLearningRate(batches, state, options, initialRate);
        int count = batches.SizeOf(state.Batch);
        (int first, int ownCount) = batches.ShareOf(state.Batch, Collective.Rank, Collective.Size);
        int size = options.MicroBatchSize ?? count;
        Tensor<T>? x = null;
        double lossSum = 0;
        double ownWeight = 0;
        for (int end = first + ownCount; first < end; first += size)
        {
            int samples = Math.Min(size, end - first);
            (x, Tensor<T> y) = batches.Part(state.Batch, first, samples);
            double partLoss = double.CreateTruncating(loss.Forward(network.Forward(x), y));
            double weight = loss.BatchWeight;
            Tensor<T> gradient = loss.Backward();
            TensorPrimitives.Multiply(gradient.AsSpan(), T.CreateTruncating(weight / count), gradient.AsSpan());
            exchange.IsLastPart = first + samples == end;
            network.Backward(gradient);
            lossSum += weight * partLoss;
            ownWeight += weight;
        }

        if (x is null)
        {
            exchange.BackwardOfNothing();
        }

        StepSums sums = exchange.Finish(new StepSums(lossSum, ownWeight, stop ? 1 : 0), count);
        stopWanted = sums.Stop > 0;
        Penalty?.AddGradient();
        double batchLoss = sums.LossSum / sums.Weight;
        double norm = options.ClipNorm is { } maximum ? GradientNorm.Clip(network.Parameters, maximum) : GradientNorm.Of(network.Parameters);
        if (!double.IsFinite(batchLoss) || !double.IsFinite(norm))
        {
            int rank = Agreement.First(Collective, x is not null && !double.IsFinite(lossSum)) ?? 0;
            string place = rank != Collective.Rank ? "" : x is null ? "the gradient" : FirstNonFinite(x, lossSum);
            return new NonFinite(state.Epoch, state.Batch + 1, $"{Agreement.Share(Collective, place, rank)} (rank {rank})");
        }

        Update(state, count, batchLoss, norm);
        return null;
    }

    private void SetLearningRate(Batches<T> batches, TrainingState<T> state, TrainingOptions options, double initialRate)
    {
        optimizer.LearningRate = initialRate * options.Schedule.Factor(((state.Epoch - 1) * batches.Count) + state.Batch, options.Epochs * batches.Count);
        state.FirstRate = state.Batch == 0 ? optimizer.LearningRate : state.FirstRate;
    }

    private void Update(TrainingState<T> state, int count, double batchLoss, double norm)
    {
        optimizer.Step();
        state.Samples += count;
        state.LossSum += batchLoss * count;
        state.NormSum += norm;
        StepProgress?.Report(new StepReport(state.Epoch, state.Samples, batchLoss));
    }

    /// <summary>Forward, loss and backward for one batch, part by part.</summary>
    /// <param name="batches">The batches.</param>
    /// <param name="batch">Which.</param>
    /// <param name="size">The samples of a part.</param>
    /// <returns>The inputs of the last part, and the loss of the batch; that of a part whose loss is not finite, which ends it.</returns>
    private (Tensor<T> Inputs, double Loss) AddGradients(Batches<T> batches, int batch, int size)
    {
        int count = batches.SizeOf(batch);
        double lossSum = 0;
        double weightSum = 0;
        double expected = 0; // the weight of all parts, if all samples count like those of the first
        for (int first = 0; ; first += size)
        {
            int samples = Math.Min(size, count - first);
            (Tensor<T> x, Tensor<T> y) = batches.Part(batch, first, samples);
            double partLoss = double.CreateTruncating(loss.Forward(network.Forward(x), y));
            if (!double.IsFinite(partLoss))
            {
                return (x, partLoss);
            }

            Tensor<T> gradient = loss.Backward();
            if (samples == count)
            {
                network.Backward(gradient);
                return (x, partLoss);
            }

            double weight = loss.BatchWeight;
            expected = first == 0 ? weight * count / samples : expected;
            lossSum += weight * partLoss;
            weightSum += weight;
            TensorPrimitives.Multiply(gradient.AsSpan(), T.CreateTruncating(weight / expected), gradient.AsSpan());
            network.Backward(gradient);
            if (first + samples == count)
            {
                Scale(expected / weightSum);
                return (x, lossSum / weightSum);
            }
        }
    }

    /// <summary>Multiplies all gradients, where they are not right already.</summary>
    private void Scale(double factor)
    {
        for (int i = 0; i < network.Parameters.Count && factor != 1; i++)
        {
            Span<T> gradient = network.Parameters[i].Gradient.AsSpan();
            TensorPrimitives.Multiply(gradient, T.CreateTruncating(factor), gradient);
        }
    }

    /// <summary>Measures, reports, remembers the network if it is the best so far, and goes on to the next epoch.</summary>
    private void EndEpoch(TrainingState<T> state, Batches<T> batches, Func<Evaluation>? validation)
    {
        Evaluation? evaluation = validation?.Invoke();
        var report = new EpochReport(state.Epoch, state.EpochSeconds, state.Samples / state.EpochSeconds, state.FirstRate, state.LossSum / state.Samples, state.NormSum / batches.Count, evaluation);
        state.Reports.Add(report);
        EpochProgress?.Report(report);
        state.LastGood.Take();
        if (state.Best is { } best)
        {
            if (evaluation!.Loss < state.BestLoss)
            {
                state.BestLoss = evaluation.Loss;
                state.SinceBest = 0;
                best.Take();
            }
            else
            {
                state.SinceBest++;
            }
        }

        state.Epoch++;
        state.Batch = 0;
        state.Samples = 0;
        state.LossSum = 0;
        state.NormSum = 0;
        state.EpochSeconds = 0;
    }

    /// <summary>What another run must share to go on from a checkpoint of this one.</summary>
    private List<KeyValuePair<string, string>> SettingsOf(TrainingOptions options, Batches<T> batches, double initialRate, bool isRandom) =>
    [
        .. options.Settings,
        new("network", $"{network}"),
        new("loss", $"{loss}"),
        new("optimizer", $"{optimizer}"),
        new("learning rate", initialRate.ToString(CultureInfo.InvariantCulture)),
        new("precision", typeof(T).Name),
        new("number of samples", batches.Samples.ToString(CultureInfo.InvariantCulture)),
        new("batch size", options.BatchSize.ToString(CultureInfo.InvariantCulture)),
        new("micro-batch size", options.MicroBatchSize?.ToString(CultureInfo.InvariantCulture) ?? "none"),
        new("penalty", Penalty is null ? "none" : string.Create(CultureInfo.InvariantCulture, $"L1 {Penalty.L1}, L2 {Penalty.L2}")),
        new("shuffle seed", options.ShuffleSeed?.ToString(CultureInfo.InvariantCulture) ?? "none"),
        new("number of processes", isRandom ? Collective.Size.ToString(CultureInfo.InvariantCulture) : "any"), // each draws its own random numbers
        new("clip norm", options.ClipNorm?.ToString(CultureInfo.InvariantCulture) ?? "none"),
        new("early stopping", options.EarlyStopping is null ? "off" : "on"),
        new("schedule", options.Schedule == LearningRateSchedule.Constant ? "constant" : string.Create(CultureInfo.InvariantCulture, $"{options.Schedule} over {options.Epochs} epochs")),
    ];

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
