using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Explanation;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab;
using ChainRule.Verification;

namespace ChainRule.Playground.Session;

/// <summary>A training run that computes in one precision.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class TrainingRun<T> : TrainingRun
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // More paths than anybody reads; the others are totalled.
    private const int MostPaths = 8;

    private readonly Sequential<T> network;
    private readonly Loss<T> loss;
    private readonly Probe<T> probe;
    private readonly Timeline<T> timeline = new();
    private readonly Tensor<T> trainInputs;
    private readonly Tensor<T> trainTargets;
    private readonly Parameter<T>[] weights;
    private Sequential<T> trained; // the network, or a copy of it with a bug
    private Loss<T> trainedLoss;
    private Optimizer<T> optimizer;
    private EpochBatches<T> batches;
    private double lossSum;
    private int samplesSeen;
    private double finishedLoss = double.NaN;
    private int nextPinned = int.MaxValue;
    private IReadOnlyList<PlantedBug>? plantable;
    private Explainer<T>? explainer;
    private int explainerVersion = -1;
    private Pass? pass;
    private int passVersion = -1;
    private int probeVersion = -1;

    public TrainingRun(Setup setup, SampleSet samples)
        : base(setup, samples)
    {
        network = NetworkFactory.Network<T>(setup, samples.Train.Features);
        network.NeedsInputGradient = false;
        loss = Objective.CreateLoss<T>();
        (trained, trainedLoss) = (network, loss);
        probe = new Probe<T>(setup, samples);
        weights = [.. network.Layers.OfType<Linear<T>>().Select(layer => layer.Weight)];
        trainInputs = Probe<T>.Convert(samples.Train.Inputs);
        trainTargets = Objective.Encode(Probe<T>.Convert(samples.Train.Targets));
        optimizer = NetworkFactory.Optimizer(setup.Training, network.Parameters);
        batches = new EpochBatches<T>(trainInputs, trainTargets, setup.Training.BatchSize, setup.Data.Seed);
        batches.Begin(0);
        NeuronLayers = LayOut();
        Plan = new StepPlan([.. network.Layers.Select(layer => layer.Parameters.Count > 0)]);
        timeline.Keep(Now(isPinned: true));
    }

    public override int BatchesPerEpoch => batches.Count;

    public override int FirstStep => timeline.FirstStep;

    public override int LastStep => timeline.LastStep;

    public override double EpochLoss => samplesSeen > 0 ? lossSum / samplesSeen : finishedLoss;

    public override Pass Pass
    {
        get
        {
            if (pass is null || passVersion != Version)
            {
                (pass, passVersion) = (new PassReader<T>(trained, trainedLoss).Read(batches[Batch].Inputs, batches[Batch].Targets, batches.Rows(Batch), optimizer, Update), Version);
            }

            return pass;
        }
    }

    public override IReadOnlyList<PlantedBug> PlantableBugs => plantable ??= network is Sequential<double> wide ? [.. BugCatalogue.All.Where(bug => BugTrial.Shows(bug, wide, (Loss<double>)(object)loss, (Tensor<double>)(object)trainInputs, (Tensor<double>)(object)trainTargets))] : [];

    public override int Train(int steps)
    {
        int done = 0;
        while (done < steps && Breakdown is null && Advance())
        {
            done++;
        }

        Version++;
        return done;
    }

    public override void Seek(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        Moment<T> moment = timeline.Before(Math.Min(step, timeline.LastStep));
        bool isOnTheWay = Step <= step && Step >= moment.Step && Breakdown is null; // no need to go back to come forward
        if (!isOnTheWay)
        {
            Restore(moment);
        }

        while (Step < step && Advance())
        {
        }

        Version++;
    }

    public override void Change(TrainingSetup training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Setup changed = Setup with { Training = training };
        SetupRules.Require(changed);
        if (changed.NeedsNewRun(Setup))
        {
            throw new ArgumentException($"A run keeps its loss and its precision: expected {Setup.Training.Loss} and {Setup.Training.Precision}, got {training.Loss} and {training.Precision}.", nameof(training));
        }

        Apply(training);
        Pin();
    }

    public override void Plant(PlantedBug? bug)
    {
        Plant(bug, carryOver: true);
        Pin();
    }

    public override void Edit(Entry entry, double value)
    {
        if (!double.IsFinite(value) || !T.IsFinite(T.CreateTruncating(value)))
        {
            throw new ArgumentException($"Expected a finite number for {entry.Name}, got {value}.", nameof(value));
        }

        Slot(entry) = T.CreateTruncating(value);
        Pin();
    }

    public override double Value(Entry entry) => double.CreateTruncating(Slot(entry));

    public override double Loss(bool ofTest) => Probe().Loss(ofTest);

    public override double Accuracy(bool ofTest) => Probe().Accuracy(ofTest);

    public override IReadOnlyList<double> Predictions(bool ofTest) => Probe().Predictions(ofTest);

    public override double[] Grid(int size, double[] maps)
    {
        Tensor<T>[] outputs = Probe().Grid(size, out double[] answers);
        int points = size * size;
        int start = 0;
        foreach (NeuronLayer layer in NeuronLayers)
        {
            ReadOnlySpan<T> values = outputs[layer.Output].AsSpan();
            for (int unit = 0; unit < layer.Units; unit++)
            {
                int source = unit;
                for (int i = 0; i < points; i++)
                {
                    maps[start + i] = double.CreateTruncating(values[source]);
                    source += layer.Units;
                }

                start += points;
            }
        }

        return answers;
    }

    public override IReadOnlyList<UnitHealth> Health()
    {
        T[][] outputs = Probe().TrainOutputs();
        return [.. NeuronLayers.SelectMany((layer, i) => UnitExamination.Examine(layer, i, i == NeuronLayers.Count - 1, Probe<T>.Doubles(outputs[layer.Output])))];
    }

    public override RunState Save()
    {
        (int Steps, T[][] Tensors)[] memories = Moment<T>.Remember(optimizer);
        return new RunState(
            Step,
            Epoch,
            Batch,
            lossSum,
            finishedLoss,
            [.. Moment<T>.Copy(network.Parameters).Select(values => Probe<T>.Doubles(values))],
            memories[0].Steps,
            [.. memories.Select(memory => (IReadOnlyList<double[]>)[.. memory.Tensors.Select(tensor => Probe<T>.Doubles(tensor))])]);
    }

    public override void Load(RunState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        static T[] Narrow(double[] values) => [.. values.Select(value => T.CreateTruncating(value))];
        IReadOnlyList<Parameter<T>> parameters = network.Parameters;
        int memories = optimizer.MemoryNames.Count;
        bool fits = state.Step >= 0 && state.Epoch >= 0 && state.Batch >= 0 && state.Batch < batches.Count && state.OptimizerSteps >= 0
            && state.Values.Count == parameters.Count && state.Memories.Count == parameters.Count
            && parameters.Index().All(item => state.Values[item.Index].Length == item.Item.Value.FlattenedLength && state.Memories[item.Index].Count == memories
                && state.Memories[item.Index].All(memory => memory.Length == item.Item.Value.FlattenedLength));
        if (!fits)
        {
            throw new FormatException("The weights do not belong to the network that is described with them.");
        }

        timeline.Clear();
        History.Clear();
        Restore(new Moment<T>
        {
            Step = state.Step,
            Epoch = state.Epoch,
            Batch = state.Batch,
            LossSum = state.LossSum,
            FinishedLoss = state.FinishedLoss,
            Training = Setup.Training,
            Bug = Bug?.Name,
            Values = [.. state.Values.Select(Narrow)],
            Memories = [.. state.Memories.Select(memory => (state.OptimizerSteps, memory.Select(Narrow).ToArray()))],
            IsPinned = true,
        });
        Pin();
    }

    public override Explained Explain(Entry entry)
    {
        if (explainer is null || explainerVersion != Version)
        {
            var options = new ExplainerOptions { MaximumPaths = MostPaths, SampleNumbers = [.. batches.Rows(Batch)] };
            (explainer, explainerVersion) = (new Explainer<T>(network, loss, batches[Batch].Inputs, batches[Batch].Targets, options), Version);
        }

        Derivation derivation = explainer.Explain(entry.Name);
        double byHand = Pass.Layers[NeuronLayers[entry.Layer].Linear].Parameters[entry.IsBias ? 1 : 0].Gradients[entry.Position(NeuronLayers[entry.Layer].Units)];
        return new Explained(entry, derivation, byHand, Bug is null ? derivation.Opinions.Verdict : VerdictOnTrained(entry));
    }

    public override Verdicts Judge() =>
        new([.. GradientCheck.Entries(trained, trainedLoss, batches[Batch].Inputs, batches[Batch].Targets).Select(parameter => parameter.Select(entry => entry.Verdict).ToArray())]);

    /// <summary>The verdict on the derivative that training uses, which is not the one that is explained where a bug is planted.</summary>
    private GradientVerdict VerdictOnTrained(Entry entry)
    {
        ReadOnlySpan<int> index = entry.IsBias ? [entry.Unit] : [entry.Input, entry.Unit];
        string parameter = network.Parameters[(2 * entry.Layer) + (entry.IsBias ? 1 : 0)].Name;
        return GradientCheck.Entry(trained, trainedLoss, batches[Batch].Inputs, batches[Batch].Targets, parameter, index).Verdict;
    }

    /// <summary>One step. False, and a breakdown, where the loss is not finite.</summary>
    private bool Advance()
    {
        (Tensor<T> x, Tensor<T> y) = batches[Batch];
        double value = double.CreateTruncating(trainedLoss.Forward(trained.Forward(x), y));
        if (!double.IsFinite(value))
        {
            Breakdown = Examine(x);
            return false;
        }

        trained.Backward(trainedLoss.Backward());
        bool endsEpoch = Batch == batches.Count - 1;
        T[][]? before = endsEpoch && History.Wants(Epoch + 1) ? [.. weights.Select(weight => weight.Value.AsSpan().ToArray())] : null;
        double[]? norms = before is null ? null : [.. trained.Parameters.Where(parameter => parameter.Value.Rank > 1).Select(weight => Norm(weight.Gradient.AsSpan()))];
        Update();
        int count = (int)x.Lengths[0];
        lossSum += value * count;
        samplesSeen += count;
        Step++;
        Batch++;
        if (endsEpoch)
        {
            EndEpoch(before, norms);
        }

        if (Step == nextPinned)
        {
            Restore(timeline.Before(Step)); // what was changed by hand here is changed again
        }
        else if (timeline.Wants(Step))
        {
            timeline.Keep(Now(isPinned: false));
        }

        timeline.Reach(Step);
        return true;
    }

    /// <summary>Moves the parameters. A penalty is part of what the optimizer sees, but not of the gradient that is shown.</summary>
    private void Update()
    {
        (double l1, double l2) = (Setup.Training.L1, Setup.Training.L2);
        if (l1 == 0 && l2 == 0)
        {
            optimizer.Step();
            return;
        }

        var gradients = new List<(Parameter<T> Weight, T[] Gradient)>();
        foreach (Parameter<T> weight in trained.Parameters.Where(parameter => parameter.Value.Rank > 1))
        {
            Span<T> gradient = weight.Gradient.AsSpan();
            gradients.Add((weight, gradient.ToArray()));
            ReadOnlySpan<T> theta = weight.Value.AsSpan();
            for (int i = 0; i < gradient.Length; i++)
            {
                T slope = theta[i] == T.Zero ? T.Zero : T.CopySign(T.One, theta[i]);
                gradient[i] += (T.CreateTruncating(l2) * theta[i]) + (T.CreateTruncating(l1) * slope);
            }
        }

        optimizer.Step();
        foreach ((Parameter<T> weight, T[] gradient) in gradients)
        {
            gradient.CopyTo(weight.Gradient.AsSpan());
        }
    }

    private void EndEpoch(T[][]? before, double[]? norms)
    {
        finishedLoss = lossSum / samplesSeen;
        Epoch++;
        Batch = 0;
        if (before is not null)
        {
            double[] ratios = [.. weights.Select((weight, i) => UpdateRatio(before[i], weight.Value.AsSpan()))];
            probe.Follow(network.Parameters);
            History.Add(new HistoryPoint(Epoch, Step, finishedLoss, probe.Loss(ofTest: true), norms!, ratios));
        }

        (lossSum, samplesSeen) = (0, 0);
        batches.Begin(Epoch);
    }

    /// <summary>Walks the road of the batch until something is not finite.</summary>
    private Breakdown Examine(Tensor<T> x)
    {
        int lastGood = Math.Max(FirstStep, Step - 1);
        double largest = timeline.Before(lastGood).Values.Max(values => values.Max(value => Math.Abs(double.CreateTruncating(value))));
        Breakdown At(BreakdownKind kind, string place = "") => new(Step, kind, place, lastGood, largest);
        if (!IsFinite(x.AsSpan()))
        {
            return At(BreakdownKind.Input);
        }

        if (trained.Parameters.FirstOrDefault(parameter => !IsFinite(parameter.Value.AsSpan())) is { } broken)
        {
            return At(BreakdownKind.Parameter, broken.Name);
        }

        Tensor<T> current = x;
        foreach (Layer<T> layer in trained.Layers)
        {
            current = layer.Forward(current);
            if (!IsFinite(current.AsSpan()))
            {
                return At(BreakdownKind.Output, layer.Name);
            }
        }

        return At(BreakdownKind.Loss);
    }

    private void Apply(TrainingSetup training)
    {
        TrainingSetup old = Setup.Training;
        Setup = Setup with { Training = training };
        if (training.Optimizer != old.Optimizer || training.LearningRate != old.LearningRate)
        {
            (int Steps, T[][] Tensors)[] memories = Moment<T>.Remember(optimizer);
            optimizer = NetworkFactory.Optimizer(training, trained.Parameters);
            if (training.Optimizer == old.Optimizer)
            {
                Moment<T>.Remind(optimizer, memories);
            }
        }

        if (training.BatchSize != old.BatchSize)
        {
            // The epoch begins anew: a place in it means nothing in batches of another size.
            batches = new EpochBatches<T>(trainInputs, trainTargets, training.BatchSize, Setup.Data.Seed);
            batches.Begin(Epoch);
            (Batch, lossSum, samplesSeen) = (0, 0, 0);
        }
    }

    private void Plant(PlantedBug? bug, bool carryOver)
    {
        (int Steps, T[][] Tensors)[] memories = Moment<T>.Remember(optimizer);
        if (bug is null)
        {
            (trained, trainedLoss) = (network, loss);
        }
        else if (network is Sequential<double> wide)
        {
            PlantedNetwork planted = bug.Plant(wide, (Loss<double>)(object)loss);
            (trained, trainedLoss) = ((Sequential<T>)(object)planted.Network, (Loss<T>)(object)planted.Loss);
            trained.NeedsInputGradient = false;
        }
        else
        {
            throw new ArgumentException("Bugs can be planted where a run computes in float64.", nameof(bug));
        }

        Bug = bug;
        optimizer = NetworkFactory.Optimizer(Setup.Training, trained.Parameters);
        if (carryOver)
        {
            Moment<T>.Remind(optimizer, memories);
        }
    }

    private Moment<T> Now(bool isPinned) => new()
    {
        Step = Step,
        Epoch = Epoch,
        Batch = Batch,
        LossSum = lossSum,
        FinishedLoss = finishedLoss,
        Training = Setup.Training,
        Bug = Bug?.Name,
        Values = Moment<T>.Copy(network.Parameters),
        Memories = Moment<T>.Remember(optimizer),
        IsPinned = isPinned,
    };

    /// <summary>From here on the run goes another way.</summary>
    private void Pin()
    {
        timeline.Keep(Now(isPinned: true));
        nextPinned = int.MaxValue;
        History.CutAfter(Step);
        Breakdown = null;
        Version++;
    }

    private void Restore(Moment<T> moment)
    {
        if (moment.Bug != Bug?.Name)
        {
            Plant(moment.Bug is null ? null : BugCatalogue.Find(moment.Bug), carryOver: false);
        }

        if (moment.Training != Setup.Training)
        {
            Apply(moment.Training);
        }

        (Step, Epoch, Batch, lossSum, finishedLoss) = (moment.Step, moment.Epoch, moment.Batch, moment.LossSum, moment.FinishedLoss);
        samplesSeen = Batch * Math.Min(Setup.Training.BatchSize, (int)trainInputs.Lengths[0]);
        batches.Begin(Epoch);
        Moment<T>.Paste(moment.Values, network.Parameters);
        Moment<T>.Remind(optimizer, moment.Memories);
        foreach (Parameter<T> parameter in trained.Parameters)
        {
            parameter.DiscardGradient();
        }

        Breakdown = null;
        nextPinned = timeline.NextPinnedAfter(Step);
    }

    private Probe<T> Probe()
    {
        if (probeVersion != Version)
        {
            probe.Follow(network.Parameters);
            probeVersion = Version;
        }

        return probe;
    }

    private ref T Slot(Entry entry)
    {
        if (entry.Layer < 0 || entry.Layer >= NeuronLayers.Count || entry.Unit < 0 || entry.Unit >= NeuronLayers[entry.Layer].Units || entry.Input >= NeuronLayers[entry.Layer].Inputs)
        {
            throw new ArgumentException($"There is no {entry.Name} in a network of {NeuronLayers.Count} layers.", nameof(entry));
        }

        var layer = (Linear<T>)network.Layers[NeuronLayers[entry.Layer].Linear];
        return ref (entry.IsBias ? layer.Bias! : layer.Weight).Value.AsSpan()[entry.Position(layer.Outputs)];
    }

    private List<NeuronLayer> LayOut()
    {
        var layers = new List<NeuronLayer>();
        for (int i = 0; i < network.Layers.Count; i++)
        {
            if (network.Layers[i] is Linear<T> linear)
            {
                bool hasActivation = i + 1 < network.Layers.Count && network.Layers[i + 1] is not Linear<T>;
                layers.Add(new NeuronLayer(linear.Inputs, linear.Outputs, i, hasActivation ? i + 1 : i, hasActivation ? network.Layers[i + 1].Kind : null));
            }
        }

        return layers;
    }

    private static double UpdateRatio(T[] before, ReadOnlySpan<T> after)
    {
        double change = 0;
        for (int i = 0; i < before.Length; i++)
        {
            double difference = double.CreateTruncating(after[i]) - double.CreateTruncating(before[i]);
            change += difference * difference;
        }

        return Math.Sqrt(change) / Norm(before);
    }

    private static double Norm(ReadOnlySpan<T> values)
    {
        double sum = 0;
        foreach (T value in values)
        {
            double wide = double.CreateTruncating(value);
            sum += wide * wide;
        }

        return Math.Sqrt(sum);
    }

    private static bool IsFinite(ReadOnlySpan<T> values)
    {
        foreach (T value in values)
        {
            if (!T.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
