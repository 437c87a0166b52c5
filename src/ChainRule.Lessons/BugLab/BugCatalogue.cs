using ChainRule.Lessons.BugLab.Bugs;

namespace ChainRule.Lessons.BugLab;

/// <summary>All bugs of the lab.</summary>
public static class BugCatalogue
{
    /// <summary>The bugs, the way back from the loss.</summary>
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new MeanForgotten(),
        new FactorTwoLost(),
        new DifferenceTurned(),
        new DividedByTheBatch(),
        new SlopeOfTheLogitTwice(),
        new FormulaOfTheLogits(),
        new OnlyTheTargetClass(),
        new WeightDecayForgotten(),
        new UpstreamDropped(),
        new UpstreamTwice(),
        new DerivativeMissing(),
        new DerivativeForgottenByHand(),
        new DerivativeAtTheOutput(),
        new SigmoidDerivativeOfA(),
        new DerivativeTwice(),
        new TanhWithoutSquare(),
        new SigmoidValueAsSlope(),
        new LeakySideForgotten(),
        new MaskOfTheGradient(),
        new ProductRuleForgotten(),
        new SlopeOfTheNeighbour(),
        new BiasForgottenInTheSlope(),
        new SoftmaxCrossTerms(),
        new SoftmaxSumOverTheBatch(),
        new GradientFromAboveChanged(),
        new InputOverwritten(),
        new MaskRedrawn(),
        new WeightGradientReshaped(),
        new WeightNotTransposed(),
        new PreactivationUsed(),
        new NeighbouringInput(),
        new LastOutputLeftOut(),
        new TailLeftOut(),
        new SampleIndexForgotten(),
        new AveragedTwice(),
        new BiasNotSummed(),
        new BiasAveraged(),
        new BiasOncePerWeight(),
        new FirstSampleLeftOut(),
        new BiasForgotten(),
        new FirstBatchKept(),
        new GradientOverwritten(),
        new InputGradientGrows(),
        new StepInBackward(),
        new StatisticsForgotten(),
        new VarianceForgotten(),
        new EpsilonForgotten(),
        new ScaleForgotten(),
        new SkipForgotten(),
        new SharedValueTwice(),
        new RepeatedRowOverwritten(),
        new TiedWeightOnce(),
        new HalvesExchanged(),
        new KernelNotFlipped(),
        new PaddingOffByOne(),
        new FirstOfTheWindow(),
        new WindowNotDivided(),
        new CellGradientNotCarried(),
        new ResetGateForgotten(),
        new AttentionScaleForgotten(),
        new AttentionElementByElement(),
        new MaskForgotten(),
    ];

    /// <summary>The bug of a name; null where there is none.</summary>
    /// <param name="name">E.g. bias-not-summed.</param>
    public static PlantedBug? Find(string name) => All.FirstOrDefault(bug => bug.Name == name);
}
