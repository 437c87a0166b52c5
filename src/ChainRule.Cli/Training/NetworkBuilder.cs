using System.Globalization;
using System.Numerics;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Training;

namespace ChainRule.Cli.Training;

/// <summary>Makes what the settings describe.</summary>
/// <param name="settings">The settings.</param>
/// <typeparam name="T">The numbers to compute with.</typeparam>
internal sealed class NetworkBuilder<T>(TrainSettings settings)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double WarmupShare = 0.1;

    /// <summary>Linear layers with activations between them, and the activation that the objective ends with.</summary>
    public Sequential<T> Network(int features, Objective objective)
    {
        var random = new NumPyRandom(settings.Seed);
        (Initializer weight, Initializer bias) = settings.Initialization switch
        {
            InitializationKind.He => (Initializer.HeNormal, Initializer.Zeros),
            InitializationKind.Glorot => (Initializer.GlorotUniform, Initializer.Zeros),
            _ => (Initializer.PyTorchDefault, Initializer.PyTorchDefault),
        };
        var layers = new List<Layer<T>>();
        int inputs = features;
        foreach (int units in settings.Hidden)
        {
            layers.Add(new Linear<T>(inputs, units, random, weight, bias));
            if (settings.BatchNorm)
            {
                layers.Add(new BatchNorm1d<T>(units));
            }

            layers.Add(Activation());
            if (settings.Dropout > 0)
            {
                layers.Add(new Dropout<T>(settings.Dropout, new NumPyRandom(unchecked(settings.Seed + (uint)layers.Count))));
            }

            inputs = units;
        }

        layers.Add(new Linear<T>(inputs, objective.Outputs, random, weight, bias));
        if (objective.OutputActivation<T>() is { } last)
        {
            layers.Add(last);
        }

        return new Sequential<T>([.. layers]);
    }

    /// <summary>What the network is to answer.</summary>
    /// <exception cref="CommandException">The loss does not go with the data.</exception>
    public Objective Objective(DataSet<T> data)
    {
        if (!data.IsClassification)
        {
            return settings.Loss is null or LossKind.MeanSquaredError
                ? ChainRule.Training.Objective.ForValues(data.Outputs)
                : throw new CommandException($"--loss: '{data.Name}' has values to predict, not classes: expected auto or mse.");
        }

        LossKind loss = settings.Loss ?? LossKind.CrossEntropy;
        return loss == LossKind.BinaryCrossEntropy && data.Outputs != 2
            ? throw new CommandException($"--loss: bce is for two classes, and '{data.Name}' has {data.Outputs}: expected auto, cross-entropy or mse.")
            : ChainRule.Training.Objective.ForClasses(loss, data.Outputs);
    }

    /// <summary>The loss that training goes by; held-out samples are measured by the objective's own, without label smoothing.</summary>
    /// <exception cref="CommandException">Label smoothing does not go with the loss.</exception>
    public Loss<T> TrainingLoss(Objective objective) =>
        settings.LabelSmoothing == 0 ? objective.CreateLoss<T>()
        : objective.Loss == LossKind.CrossEntropy ? new SoftmaxCrossEntropy<T>(settings.LabelSmoothing)
        : throw new CommandException("--label-smoothing is for --loss cross-entropy.");

    /// <summary>The penalty on the weights; null for none.</summary>
    public Penalty<T>? Penalty(Sequential<T> network) =>
        settings.L1 == 0 && settings.L2 == 0 ? null : new Penalty<T>(Penalty<T>.WeightsOf(network), settings.L1, settings.L2);

    /// <summary>The optimizer, at its first learning rate.</summary>
    /// <exception cref="CommandException">A setting does not go with it.</exception>
    public Optimizer<T> Optimizer(IReadOnlyList<Parameter<T>> parameters)
    {
        if (settings.Momentum != 0 && settings.Optimizer is not (OptimizerKind.Sgd or OptimizerKind.Rmsprop))
        {
            throw new CommandException("--momentum is for --optimizer sgd and rmsprop; the others have their own or none.");
        }

        double weightDecay = settings.WeightDecay ?? 0;
        return settings.Optimizer switch
        {
            OptimizerKind.Sgd => new Sgd<T>(parameters, settings.LearningRate ?? 0.1, settings.Momentum, weightDecay: weightDecay),
            OptimizerKind.Adam => new Adam<T>(parameters, settings.LearningRate ?? 1e-3, weightDecay: weightDecay),
            OptimizerKind.Rmsprop => new RmsProp<T>(parameters, settings.LearningRate ?? 1e-3, weightDecay: weightDecay, momentum: settings.Momentum),
            OptimizerKind.Adagrad => new Adagrad<T>(parameters, settings.LearningRate ?? 1e-2, weightDecay: weightDecay),
            OptimizerKind.Lion => new Lion<T>(parameters, settings.LearningRate ?? 1e-4, weightDecay: weightDecay),
            _ => new AdamW<T>(parameters, settings.LearningRate ?? 1e-3, weightDecay: settings.WeightDecay ?? 1e-2),
        };
    }

    /// <summary>Throws where the samples cannot be divided as asked for.</summary>
    /// <param name="samples">The number of samples to learn from.</param>
    /// <exception cref="CommandException">A micro-batch is larger than a batch, or batch normalisation meets a single sample.</exception>
    public void RequireBatches(int samples)
    {
        int size = settings.MicroBatch ?? settings.Batch;
        if (size > settings.Batch)
        {
            throw new CommandException($"--micro-batch: expected at most the {settings.Batch} samples of a batch, got {size}.");
        }

        if (settings.BatchNorm && settings.Hidden.Count > 0 && (samples % settings.Batch % size == 1 || settings.Batch % size == 1 || size == 1))
        {
            throw new CommandException($"--batch-norm needs more than one sample at once, and of {samples} samples {(settings.MicroBatch is null ? $"--batch {settings.Batch} leaves" : $"--batch {settings.Batch} --micro-batch {size} leave")} a single one: choose another size.");
        }
    }

    /// <summary>How training goes about it.</summary>
    public TrainingOptions Options() => new()
    {
        Epochs = settings.Epochs,
        BatchSize = settings.Batch,
        MicroBatchSize = settings.MicroBatch,
        ShuffleSeed = settings.Shuffle ? settings.Seed : null,
        ClipNorm = settings.ClipNorm,
        EarlyStopping = settings.EarlyStopping,
        Checkpoint = settings.Checkpoint is null ? null : new CheckpointOptions(settings.Checkpoint) { EverySteps = settings.CheckpointEvery },
        ResumeFrom = settings.Resume,
        Settings =
        [
            new("data", settings.Data.ToString()),
            new("seed", $"{settings.Seed}"),
            new("share of held-out samples", string.Create(CultureInfo.InvariantCulture, $"{settings.Validation}")),
            new("normalisation", $"{settings.Normalize}"),
            new("initialisation", $"{settings.Initialization}"),
            new("label smoothing", string.Create(CultureInfo.InvariantCulture, $"{settings.LabelSmoothing}")),
            new("momentum", string.Create(CultureInfo.InvariantCulture, $"{settings.Momentum}")),
            new("weight decay", string.Create(CultureInfo.InvariantCulture, $"{settings.WeightDecay}")),
        ],
        Schedule = settings.Schedule switch
        {
            ScheduleKind.Constant => LearningRateSchedule.Constant,
            ScheduleKind.Step => new StepSchedule(),
            ScheduleKind.Cosine => new CosineSchedule(),
            _ => new CosineSchedule(WarmupShare),
        },
    };

    private Layer<T> Activation() => settings.Activation switch
    {
        ActivationKind.Relu => new ReLU<T>(),
        ActivationKind.LeakyRelu => new LeakyReLU<T>(),
        ActivationKind.Elu => new Elu<T>(),
        ActivationKind.Hardtanh => new Hardtanh<T>(),
        ActivationKind.Sigmoid => new Sigmoid<T>(),
        ActivationKind.Tanh => new Tanh<T>(),
        ActivationKind.Softplus => new Softplus<T>(),
        ActivationKind.Gelu => new Gelu<T>(),
        ActivationKind.GeluTanh => new Gelu<T>(GeluForm.Tanh),
        _ => new Silu<T>(),
    };
}
