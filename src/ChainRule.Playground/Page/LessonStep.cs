using ChainRule.Lessons.Text;
using ChainRule.Playground.Session;
using ChainRule.Playground.Text;
using ChainRule.Training;

namespace ChainRule.Playground.Page;

/// <summary>A step of the lesson over the live network: what is set up for it, and what the reader is asked to do.</summary>
/// <param name="Id">What its link calls it, e.g. 3.</param>
/// <param name="Setup">The network and its data.</param>
public sealed record LessonStep(string Id, Setup Setup)
{
    /// <summary>The steps: the six sections, and the summary.</summary>
    public static IReadOnlyList<LessonStep> All { get; } =
    [
        new("1", Setup.Lesson with { Network = new NetworkSetup([new HiddenLayer(4, Activation.Sigmoid)], StartingWeights.He, 3), Data = new DataSetup("circles", 100, 0.1, 0, 1) })
        {
            Title = lesson => lesson.Activations.Title,
            Paragraphs = lesson => [lesson.Introduction, lesson.Activations.Introduction, lesson.Activations.SigmoidNote, lesson.Activations.ReluNote],
            Task = text => text.TryActivations,
            Selection = _ => new Selection(0, 0),
        },
        new("2", OneNeuron())
        {
            Title = lesson => lesson.Neuron.Title,
            Paragraphs = lesson => [PageText.With(lesson.Neuron.Introduction, Seed), lesson.Neuron.Note],
            Task = text => text.TryNeuron,
            Prepare = session =>
            {
                // The lesson draws w and b from one seed, in this order, without scaling them.
                var random = new Random.NumPyRandom(Seed);
                session.Edit(new Entry(0, 0, 0), random.Randn());
                session.Edit(new Entry(0, -1, 0), random.Randn());
            },
            ShowsNumbers = true,
        },
        new("3", Setup.Lesson)
        {
            Title = lesson => lesson.Network.Title,
            Paragraphs = lesson => [lesson.Network.Introduction, lesson.Network.ReadingNote, lesson.Network.Initialization],
            Task = text => text.TryNetwork,
            Grain = Grain.Layer,
            Sample = 3,
            ShowsNumbers = true,
            ShowsFormulas = true,
        },
        new("4", Setup.Lesson)
        {
            Title = lesson => lesson.Xor.Title,
            Paragraphs = lesson => [lesson.Xor.Introduction, PageText.With(lesson.Xor.Setting, 8, Seed, 1, 2000)],
            Task = text => text.TryXor,
            Grain = Grain.Batch,
        },
        new("5", Setup.Lesson with { Network = new NetworkSetup([new HiddenLayer(4, Activation.Relu)], StartingWeights.He, 0) })
        {
            Title = lesson => lesson.GradientCheck.Title,
            Paragraphs = lesson => [lesson.GradientCheck.Introduction, lesson.GradientCheck.KinkReason],
            Task = text => text.TryCheck,
            View = ViewMode.Gradients,
            Judges = true,
            Selection = _ => new Selection(new Entry(0, -1, 0)),
        },
        new("6", Setup.Lesson)
        {
            Title = lesson => lesson.Chain.Title,
            Paragraphs = lesson => [lesson.Chain.Products, lesson.Chain.OneLine],
            Task = text => text.TryChain,
            View = ViewMode.Gradients,
            Sample = 3,
            ShowsNumbers = true,
            Selection = run => new Selection(Largest(run)),
            ShowsFormulas = true,
            ShowsPaths = true,
        },
        new("summary", Setup.Lesson)
        {
            Title = lesson => lesson.Summary.Title,
            Paragraphs = lesson => [lesson.Summary.StepsTitle, .. lesson.Summary.Steps.Select(step => $"· {step}"), lesson.Summary.OneLineTitle, lesson.Summary.OneLine, lesson.Summary.ByHandTitle, .. lesson.Summary.ByHand.Select(line => $"· {line}")],
            Task = text => text.TrySummary,
            Prepare = session => session.Train(2000),
            ShowsFormulas = true,
            Selection = run => new Selection(Largest(run)),
        },
    ];

    private const uint Seed = 42;

    /// <summary>The title.</summary>
    public required Func<LessonText, string> Title { get; init; }

    /// <summary>What there is to read.</summary>
    public required Func<LessonText, IReadOnlyList<string>> Paragraphs { get; init; }

    /// <summary>What there is to do.</summary>
    public required Func<TourText, string> Task { get; init; }

    /// <summary>Makes the session ready.</summary>
    public Action<PlaygroundSession> Prepare { get; init; } = _ => { };

    /// <summary>What is inspected.</summary>
    public Func<TrainingRun, Selection> Selection { get; init; } = _ => new Selection(new Entry(0, 0, 0));

    /// <summary>What the picture shows.</summary>
    public ViewMode View { get; init; }

    /// <summary>The grain of the step buttons.</summary>
    public Grain Grain { get; init; }

    /// <summary>The sample that is shown.</summary>
    public int Sample { get; init; }

    /// <summary>Whether neurons show numbers.</summary>
    public bool ShowsNumbers { get; init; }

    /// <summary>Whether the formulas of the network are unfolded.</summary>
    public bool ShowsFormulas { get; init; }

    /// <summary>Whether the paths of what is inspected are unfolded.</summary>
    public bool ShowsPaths { get; init; }

    /// <summary>Whether every gradient is checked.</summary>
    public bool Judges { get; init; }

    /// <summary>The step with an id; null where there is none.</summary>
    /// <param name="id">The id.</param>
    public static LessonStep? Find(string id) => All.FirstOrDefault(step => step.Id == id);

    /// <inheritdoc/>
    public bool Equals(LessonStep? other) => other?.Id == Id;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    /// <summary>x = 2 with target 1, a weight, a bias and a sigmoid.</summary>
    private static Setup OneNeuron() => new(
        new DataSetup(DataSetup.Own, SetupRules.MinimumSamples, 0, 0, Seed, new OwnData("x = 2", 1, [2], [1], ["0", "1"], ["x"], standardize: false)),
        new NetworkSetup([], StartingWeights.He, Seed),
        new TrainingSetup(LossKind.MeanSquaredError, OptimizerKind.Sgd, 1, 1, 0, 0, Precision.Bits64));

    private static Entry Largest(TrainingRun run)
    {
        IReadOnlyList<double> gradients = run.Pass.Layers[0].Parameters[0].Gradients;
        int units = run.NeuronLayers[0].Units;
        int largest = Enumerable.Range(0, gradients.Count).MaxBy(i => Math.Abs(gradients[i]));
        return new Entry(0, largest / units, largest % units);
    }
}
