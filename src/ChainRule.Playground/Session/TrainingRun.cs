using ChainRule.Lessons.BugLab;
using ChainRule.Training;

namespace ChainRule.Playground.Session;

/// <summary>One training run: the network, its place in the data, and the way it has come. The page sees it in double precision.</summary>
public abstract class TrainingRun
{
    private protected TrainingRun(Setup setup, SampleSet samples)
    {
        Setup = setup;
        Samples = samples;
        Objective = NetworkFactory.Objective(setup);
    }

    /// <summary>What the run computes. The part that may change under way is that of the current step.</summary>
    public Setup Setup { get; private protected set; }

    /// <summary>What the network answers.</summary>
    public Objective Objective { get; }

    /// <summary>The layers of neurons: those of the setup and the output.</summary>
    public IReadOnlyList<NeuronLayer> NeuronLayers { get; private protected init; } = [];

    /// <summary>The operations of a step.</summary>
    public StepPlan Plan { get; private protected init; } = new([]);

    /// <summary>The steps that are done.</summary>
    public int Step { get; private protected set; }

    /// <summary>The epochs that are done.</summary>
    public int Epoch { get; private protected set; }

    /// <summary>The batch of the next step, from 0.</summary>
    public int Batch { get; private protected set; }

    /// <summary>The batches of an epoch.</summary>
    public abstract int BatchesPerEpoch { get; }

    /// <summary>The earliest step that can be gone back to.</summary>
    public abstract int FirstStep { get; }

    /// <summary>The furthest step that was reached since something was last changed.</summary>
    public abstract int LastStep { get; }

    /// <summary>The mean loss of this epoch's samples so far; of the whole last epoch right after it; not a number before the first step.</summary>
    public abstract double EpochLoss { get; }

    /// <summary>Why training cannot go on; null where it can.</summary>
    public Breakdown? Breakdown { get; private protected set; }

    /// <summary>The planted bug; null for none.</summary>
    public PlantedBug? Bug { get; private protected set; }

    /// <summary>The curves.</summary>
    public History History { get; } = new();

    /// <summary>Grows with every change of what can be seen.</summary>
    public int Version { get; private protected set; }

    /// <summary>Every number of the step that comes next.</summary>
    public abstract Pass Pass { get; }

    internal SampleSet Samples { get; }

    /// <summary>Starts a run.</summary>
    /// <param name="setup">What it computes.</param>
    /// <exception cref="FormatException">The setup holds what it may not.</exception>
    public static TrainingRun Start(Setup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        SetupRules.Require(setup);
        SampleSet samples = SampleSet.Create(setup.Data);
        return setup.Training.Precision == Precision.Bits32 ? new TrainingRun<float>(setup, samples) : new TrainingRun<double>(setup, samples);
    }

    /// <summary>Trains; stops early where numbers stop being finite.</summary>
    /// <param name="steps">How many steps.</param>
    /// <returns>How many were done.</returns>
    public abstract int Train(int steps);

    /// <summary>Goes to a step: back to a kept moment and from there by training again, with the same bits; or onwards by training.</summary>
    /// <param name="step">The step, at least <see cref="FirstStep"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is before the first that is kept.</exception>
    public abstract void Seek(int step);

    /// <summary>Goes on in another way: what had come after this step is forgotten.</summary>
    /// <param name="training">The loss and the precision must be those of the run.</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public abstract void Change(TrainingSetup training);

    /// <summary>Plants a bug, or takes it out again with null.</summary>
    /// <param name="bug">The bug.</param>
    /// <exception cref="ArgumentException">There is no place for it.</exception>
    public abstract void Plant(PlantedBug? bug);

    /// <summary>The bugs that there is a place for.</summary>
    public abstract IReadOnlyList<PlantedBug> PlantableBugs { get; }

    /// <summary>Sets one entry of a parameter by hand: what had come after this step is forgotten.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="value">Its value, rounded to the run's precision.</param>
    /// <exception cref="ArgumentException">There is no such entry, or the value is not finite.</exception>
    public abstract void Edit(Entry entry, double value);

    /// <summary>The value of an entry.</summary>
    /// <param name="entry">The entry.</param>
    public abstract double Value(Entry entry);

    /// <summary>The loss of all samples, with the parameters as they are.</summary>
    /// <param name="ofTest">Whether of those that are held out.</param>
    public abstract double Loss(bool ofTest);

    /// <summary>The share of samples in the right class.</summary>
    /// <param name="ofTest">Whether of those that are held out.</param>
    public abstract double Accuracy(bool ofTest);

    /// <summary>The answers to all samples: the probability of class 1, of each class, or a value.</summary>
    /// <param name="ofTest">Whether to those that are held out.</param>
    public abstract IReadOnlyList<double> Predictions(bool ofTest);

    /// <summary>What every neuron gives at the points of a grid over the plane.</summary>
    /// <param name="size">The points of a row and of a column.</param>
    /// <param name="maps">Receives, neuron by neuron, first layer to last, size·size outputs, row by row from the top left.</param>
    /// <returns>The answers of the whole network there.</returns>
    public abstract double[] Grid(int size, double[] maps);

    /// <summary>What ails the neurons, first layer to last.</summary>
    public abstract IReadOnlyList<UnitHealth> Health();

    /// <summary>Everything that a link has to carry.</summary>
    public abstract RunState Save();

    /// <summary>Goes on from what a link carried.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="FormatException">It does not belong to this setup.</exception>
    public abstract void Load(RunState state);

    /// <summary>Explains a derivative of the next step's batch.</summary>
    /// <param name="entry">The entry.</param>
    public abstract Explained Explain(Entry entry);

    /// <summary>Judges every entry of every parameter against central differences.</summary>
    public abstract Verdicts Judge();
}

/// <summary>A layer of neurons: a linear layer and the activation behind it.</summary>
/// <param name="Inputs">The values that come in.</param>
/// <param name="Units">The neurons.</param>
/// <param name="Linear">The place of the linear layer in the network.</param>
/// <param name="Output">The place of the layer whose output is the neurons': the activation, or the linear layer where there is none.</param>
/// <param name="Activation">What the activation is called, e.g. Tanh; null for none.</param>
public sealed record NeuronLayer(int Inputs, int Units, int Linear, int Output, string? Activation);

/// <summary>An entry of a weight or of a bias.</summary>
/// <param name="Layer">The layer of neurons, from 0.</param>
/// <param name="Input">The value that comes in, from 0; −1 for the bias.</param>
/// <param name="Unit">The neuron, from 0.</param>
public readonly record struct Entry(int Layer, int Input, int Unit)
{
    /// <summary>Whether it is a bias.</summary>
    public bool IsBias => Input < 0;

    /// <summary>What the network calls it, e.g. layer1.weight[0,3].</summary>
    public string Name => IsBias ? $"layer{Layer + 1}.bias[{Unit}]" : $"layer{Layer + 1}.weight[{Input},{Unit}]";

    /// <summary>What formulas call it, e.g. W1[0,3].</summary>
    public string Symbol => IsBias ? $"b{Layer + 1}[{Unit}]" : $"W{Layer + 1}[{Input},{Unit}]";

    /// <summary>Its place among the entries of its parameter.</summary>
    /// <param name="units">The neurons of the layer.</param>
    public int Position(int units) => IsBias ? Unit : (Input * units) + Unit;
}
