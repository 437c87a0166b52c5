namespace ChainRule.Lessons.Text;

/// <summary>
/// What the renderings of an explanation say beside symbols, formulas and numbers, in one language. Pieces with numbers in
/// them are composite formats ({0}, {1}, …).
/// </summary>
public sealed record ExplanationText
{
    /// <summary>The language.</summary>
    public required Language Language { get; init; }

    /// <summary>The title of a derivation, with the name of the weight.</summary>
    public required string Title { get; init; }

    /// <summary>The title of a whole pass.</summary>
    public required string PassTitle { get; init; }

    /// <summary>One sample of the data: its number and the data's name.</summary>
    public required string SampleOf { get; init; }

    /// <summary>A batch of samples that follow each other: the number of the first and of the last, and the data's name.</summary>
    public required string SamplesFromTo { get; init; }

    /// <summary>Any other batch: the number of samples and the data's name.</summary>
    public required string SamplesOf { get; init; }

    /// <summary>The heading of one path: its number, the number of paths, the sample.</summary>
    public required string Path { get; init; }

    /// <summary>The product of the factors.</summary>
    public required string Product { get; init; }

    /// <summary>Where there is none.</summary>
    public required string NoPath { get; init; }

    /// <summary>The sum of all paths: how many they are.</summary>
    public required string SumOfAllPaths { get; init; }

    /// <summary>What is not named, where it is one path.</summary>
    public required string OneMorePath { get; init; }

    /// <summary>What is not named: the number of paths.</summary>
    public required string MorePaths { get; init; }

    /// <summary>The heading of the sum over samples.</summary>
    public required string BySample { get; init; }

    /// <summary>The heading of the sum over units.</summary>
    public required string ByUnit { get; init; }

    /// <summary>A sample, as the head of a column.</summary>
    public required string Sample { get; init; }

    /// <summary>Paths, as the head of a column.</summary>
    public required string Paths { get; init; }

    /// <summary>The class that a sample is of: its number.</summary>
    public required string ClassOf { get; init; }

    /// <summary>The sum of a column.</summary>
    public required string Sum { get; init; }

    /// <summary>The heading of the opinions.</summary>
    public required string Opinions { get; init; }

    /// <summary>The engine.</summary>
    public required string ByHand { get; init; }

    /// <summary>The sum over all paths.</summary>
    public required string SumOfPaths { get; init; }

    /// <summary>Automatic differentiation.</summary>
    public required string Autodiff { get; init; }

    /// <summary>The central difference.</summary>
    public required string Numeric { get; init; }

    /// <summary>Where a network has no form in scalars.</summary>
    public required string NoOpinion { get; init; }

    /// <summary>The verdict.</summary>
    public required string Verdict { get; init; }

    /// <summary>All agree.</summary>
    public required string Pass { get; init; }

    /// <summary>The loss has a corner here.</summary>
    public required string Kink { get; init; }

    /// <summary>They disagree.</summary>
    public required string Fail { get; init; }

    /// <summary>The heading of the forward pass.</summary>
    public required string Forward { get; init; }

    /// <summary>The heading of the backward pass.</summary>
    public required string Backward { get; init; }

    /// <summary>What is left out: how many.</summary>
    public required string More { get; init; }

    /// <summary>The input, above its column in a picture.</summary>
    public required string Input { get; init; }

    /// <summary>The loss, above its column in a picture.</summary>
    public required string Loss { get; init; }

    /// <summary>What is positive, in the legend of a picture.</summary>
    public required string Positive { get; init; }

    /// <summary>What is negative, in the legend of a picture, where it is drawn dashed.</summary>
    public required string Negative { get; init; }

    /// <summary>What the width of an edge says: the size of the weight.</summary>
    public required string WidthOfWeight { get; init; }

    /// <summary>What the width of an edge says: the size of the gradient.</summary>
    public required string WidthOfGradient { get; init; }

    /// <summary>What ∂ stands for in a picture.</summary>
    public required string GradientSign { get; init; }

    /// <summary>What units show of a batch.</summary>
    public required string BatchUnits { get; init; }

    /// <summary>The text in a language.</summary>
    /// <param name="language">The language.</param>
    public static ExplanationText In(Language language) => language switch
    {
        Language.Korean => KoreanExplanation.Text,
        _ => EnglishExplanation.Text,
    };
}
