namespace ChainRule.Lessons.Text;

/// <summary>
/// Every piece of text of the lesson in one language. Pieces with numbers in them are composite formats ({0}, {1}, …);
/// formulas are the same in every language and belong to those who draw them.
/// </summary>
public sealed record LessonText
{
    /// <summary>The language.</summary>
    public required Language Language { get; init; }

    /// <summary>The lesson's title.</summary>
    public required string Title { get; init; }

    /// <summary>What the lesson is about.</summary>
    public required string Introduction { get; init; }

    /// <summary>Section 1.</summary>
    public required ActivationsText Activations { get; init; }

    /// <summary>Section 2.</summary>
    public required NeuronText Neuron { get; init; }

    /// <summary>Section 3.</summary>
    public required NetworkText Network { get; init; }

    /// <summary>Section 4.</summary>
    public required XorText Xor { get; init; }

    /// <summary>Section 5.</summary>
    public required GradientCheckText GradientCheck { get; init; }

    /// <summary>Section 6.</summary>
    public required ChainText Chain { get; init; }

    /// <summary>The summary.</summary>
    public required SummaryText Summary { get; init; }

    /// <summary>The text in a language.</summary>
    /// <param name="language">The language.</param>
    public static LessonText In(Language language) => language switch
    {
        Language.Korean => KoreanText.Lesson,
        _ => EnglishText.Lesson,
    };
}

/// <summary>Section 1: activations and their derivatives.</summary>
public sealed record ActivationsText
{
    /// <summary>The section's title.</summary>
    public required string Title { get; init; }

    /// <summary>Why slopes matter.</summary>
    public required string Introduction { get; init; }

    /// <summary>What the table says of the sigmoid.</summary>
    public required string SigmoidNote { get; init; }

    /// <summary>What the table says of ReLU.</summary>
    public required string ReluNote { get; init; }
}

/// <summary>Section 2: one neuron.</summary>
public sealed record NeuronText
{
    /// <summary>The section's title.</summary>
    public required string Title { get; init; }

    /// <summary>What the neuron is: seed {0}.</summary>
    public required string Introduction { get; init; }

    /// <summary>Heads the forward pass.</summary>
    public required string Forward { get; init; }

    /// <summary>Heads the backward pass.</summary>
    public required string Backward { get; init; }

    /// <summary>What the signs mean.</summary>
    public required string Note { get; init; }
}

/// <summary>Section 3: a network of two layers.</summary>
public sealed record NetworkText
{
    /// <summary>The section's title.</summary>
    public required string Title { get; init; }

    /// <summary>What the network is.</summary>
    public required string Introduction { get; init; }

    /// <summary>Heads the forward pass.</summary>
    public required string Forward { get; init; }

    /// <summary>Heads the backward pass.</summary>
    public required string Backward { get; init; }

    /// <summary>Heads the update.</summary>
    public required string Update { get; init; }

    /// <summary>Heads the shapes.</summary>
    public required string Shape { get; init; }

    /// <summary>The shape of the loss.</summary>
    public required string OneNumber { get; init; }

    /// <summary>The learning rate, as a formula names it.</summary>
    public required string LearningRate { get; init; }

    /// <summary>How to read the backward pass.</summary>
    public required string ReadingNote { get; init; }

    /// <summary>Where the first weights come from, and whose idea that is.</summary>
    public required string Initialization { get; init; }

    /// <summary>What the table of four opinions shows: hidden units {0}, seed {1}.</summary>
    public required string AgreementIntroduction { get; init; }

    /// <summary>Heads the entries.</summary>
    public required string Entry { get; init; }

    /// <summary>Heads the gradients by hand.</summary>
    public required string ByHand { get; init; }

    /// <summary>Heads the engine's gradients.</summary>
    public required string Engine { get; init; }

    /// <summary>Heads the gradients by automatic differentiation.</summary>
    public required string Autodiff { get; init; }

    /// <summary>Heads the central differences.</summary>
    public required string Numeric { get; init; }

    /// <summary>Heads the largest differences.</summary>
    public required string LargestDifference { get; init; }

    /// <summary>All opinions agree.</summary>
    public required string Agreement { get; init; }

    /// <summary>Some opinions differ.</summary>
    public required string Disagreement { get; init; }

    /// <summary>Why central differences differ for b1.</summary>
    public required string KinkNote { get; init; }
}

/// <summary>Section 4: XOR.</summary>
public sealed record XorText
{
    /// <summary>The section's title.</summary>
    public required string Title { get; init; }

    /// <summary>Why XOR.</summary>
    public required string Introduction { get; init; }

    /// <summary>The experiment: hidden units {0}, seed {1}, learning rate {2}, epochs {3}.</summary>
    public required string Setting { get; init; }

    /// <summary>What the progress bar says while the loss is {0}.</summary>
    public required string Training { get; init; }

    /// <summary>Heads the epochs, also on the axis of the plot.</summary>
    public required string Epoch { get; init; }

    /// <summary>Heads the losses.</summary>
    public required string Loss { get; init; }

    /// <summary>The loss axis of the plot.</summary>
    public required string LossAxis { get; init; }

    /// <summary>The plot's title: hidden units {0}, learning rate {1}.</summary>
    public required string PlotTitle { get; init; }

    /// <summary>Stands above the curve in the terminal.</summary>
    public required string Curve { get; init; }

    /// <summary>Heads the targets.</summary>
    public required string Target { get; init; }

    /// <summary>Heads the predictions.</summary>
    public required string Prediction { get; init; }

    /// <summary>All four predictions are right.</summary>
    public required string Learnt { get; init; }

    /// <summary>Not all are.</summary>
    public required string NotLearnt { get; init; }

    /// <summary>The engine's training beside the one by hand: epochs {0}, largest relative difference {1}.</summary>
    public required string Engine { get; init; }

    /// <summary>The plot has been saved as {0}.</summary>
    public required string Saved { get; init; }

    /// <summary>The loss stopped being a number at epoch {0} with learning rate {1}.</summary>
    public required string Diverged { get; init; }

    /// <summary>What to try then: learning rate {0}.</summary>
    public required string DivergedAdvice { get; init; }

    /// <summary>From epoch {0} on every gradient is 0; learning rate {1}.</summary>
    public required string Stuck { get; init; }

    /// <summary>Somebody stopped training after {0} of {1} epochs.</summary>
    public required string Cancelled { get; init; }
}

/// <summary>Section 5: the gradient check.</summary>
public sealed record GradientCheckText
{
    /// <summary>The section's title.</summary>
    public required string Title { get; init; }

    /// <summary>What is compared with what.</summary>
    public required string Introduction { get; init; }

    /// <summary>The experiment: hidden units {0}, seed {1}, step {2}.</summary>
    public required string Setting { get; init; }

    /// <summary>Heads the parameters.</summary>
    public required string Parameter { get; init; }

    /// <summary>Heads the largest relative errors.</summary>
    public required string RelativeError { get; init; }

    /// <summary>Heads the verdicts.</summary>
    public required string Verdict { get; init; }

    /// <summary>The verdict: right.</summary>
    public required string Pass { get; init; }

    /// <summary>The verdict: there is no derivative here.</summary>
    public required string Kink { get; init; }

    /// <summary>The verdict: rounding hides it.</summary>
    public required string Noise { get; init; }

    /// <summary>The verdict: wrong.</summary>
    public required string Fail { get; init; }

    /// <summary>What the passing rows mean.</summary>
    public required string PassNote { get; init; }

    /// <summary>Why b1 is on a kink.</summary>
    public required string KinkReason { get; init; }

    /// <summary>A kink in numbers: unit {0}, left slope {1}, right slope {2}, central difference {3}, backpropagation {4}.</summary>
    public required string KinkNumbers { get; init; }

    /// <summary>A gradient is wrong: the parameters {0}.</summary>
    public required string FailNote { get; init; }
}

/// <summary>Section 6: the chain rule drawn.</summary>
public sealed record ChainText
{
    /// <summary>The section's title.</summary>
    public required string Title { get; init; }

    /// <summary>What is drawn: sample {0}, target {1}, hidden unit {2}.</summary>
    public required string Introduction { get; init; }

    /// <summary>Heads the forward line.</summary>
    public required string Forward { get; init; }

    /// <summary>Heads the backward line.</summary>
    public required string Backward { get; init; }

    /// <summary>Stands above the table of all hidden units.</summary>
    public required string Units { get; init; }

    /// <summary>Heads the units.</summary>
    public required string Unit { get; init; }

    /// <summary>Stands below the table where not all units fit: shown {0}, there are {1}.</summary>
    public required string MoreUnits { get; init; }

    /// <summary>Stands above the two products.</summary>
    public required string Products { get; init; }

    /// <summary>What Backward on a network does.</summary>
    public required string OneLine { get; init; }

    /// <summary>Heads the C# lines.</summary>
    public required string CSharp { get; init; }

    /// <summary>Heads the PyTorch lines.</summary>
    public required string PyTorch { get; init; }

    /// <summary>The one line stands for this section.</summary>
    public required string OneLineNote { get; init; }
}

/// <summary>The summary.</summary>
public sealed record SummaryText
{
    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>Heads the steps.</summary>
    public required string StepsTitle { get; init; }

    /// <summary>Forward, loss, backward, update.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>Heads the formulas.</summary>
    public required string FormulasTitle { get; init; }

    /// <summary>What the formula of the output layer is for.</summary>
    public required string OutputLayer { get; init; }

    /// <summary>What the formula of the hidden layer is for.</summary>
    public required string HiddenLayer { get; init; }

    /// <summary>What the formula of the weights is for.</summary>
    public required string Weights { get; init; }

    /// <summary>Heads what one line hides.</summary>
    public required string OneLineTitle { get; init; }

    /// <summary>What one line hides.</summary>
    public required string OneLine { get; init; }

    /// <summary>Heads what doing it by hand teaches.</summary>
    public required string ByHandTitle { get; init; }

    /// <summary>What doing it by hand teaches.</summary>
    public required IReadOnlyList<string> ByHand { get; init; }
}
