namespace ChainRule.Lessons.Text;

/// <summary>Explanations in English.</summary>
internal static class EnglishExplanation
{
    public static ExplanationText Text { get; } = new()
    {
        Language = Language.English,
        Title = "Where the gradient of {0} comes from",
        PassTitle = "Forward and backward through the whole network",
        SampleOf = "sample {0} of {1}",
        SamplesFromTo = "samples {0} to {1} of {2}",
        SamplesOf = "{0} samples of {1}",
        Path = "Path {0} of {1}, sample {2}",
        Product = "product",
        NoPath = "There is no path: on every way to the loss a local derivative is 0.",
        SumOfAllPaths = "sum of the {0} paths",
        OneMorePath = "1 more path",
        MorePaths = "{0} more paths",
        BySample = "Sum over the samples",
        ByUnit = "Unit by unit, sample {0}",
        Sample = "sample",
        Paths = "paths",
        ClassOf = "class {0}",
        Sum = "sum",
        Opinions = "Opinions",
        ByHand = "by hand",
        SumOfPaths = "sum of paths",
        Autodiff = "autodiff",
        Numeric = "numeric",
        NoOpinion = "none: a layer has no form in scalars",
        Verdict = "verdict",
        Pass = "pass: they agree",
        Kink = "kink: the loss has a corner here and no derivative; the slope by hand is that of one side",
        Fail = "FAIL: they disagree, one of them is wrong",
        Forward = "Forward",
        Backward = "Backward",
        More = "… {0} more",
        Input = "input",
        Loss = "loss",
        Positive = "positive",
        Negative = "negative",
        WidthOfWeight = "width: size of the weight",
        WidthOfGradient = "width: size of the gradient",
        GradientSign = "∂: gradient of the loss",
        BatchUnits = "units: mean of the values, sum of the gradients over the batch",
    };
}
