using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Losses;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The mean over all values, divided by the number of samples alone.</summary>
internal sealed class DividedByTheBatch : LossBug
{
    public override string Name => "divided-by-the-batch";

    public override GradientMistake Cause => GradientMistake.FactorOfUnits;

    protected override string Forward => "L = mean((p − y)²)";

    protected override Code<Line> Right { get; } = new((p, y) => 2.0 * (p - y) / p.FlattenedLength);

    protected override Code<Line> Wrong { get; } = new((p, y) => 2.0 * (p - y) / p.Lengths[0]);

    protected override BugText English => new(
        "Divided by the batch alone",
        "As long as the network had one output, the number of samples was the number of values. Then it got more outputs.",
        "Every gradient is too large by the number of outputs. With one output all is right.",
        "The mean is taken over samples and outputs: N is the number of all values.");

    protected override BugText Korean => new(
        "배치 크기로만 나눔",
        "출력이 하나일 때는 샘플의 수가 곧 값의 수였습니다. 그 뒤에 출력이 늘었습니다.",
        "모든 기울기가 출력의 수만큼 커집니다. 출력이 하나이면 모두 맞습니다.",
        "평균은 샘플과 출력 모두에 대해 냅니다. N은 모든 값의 개수입니다.");

    /// <summary>With one output the number of samples is the number of values.</summary>
    public override bool CanPlantIn(Sequential<double> network, Loss<double> loss) =>
        base.CanPlantIn(network, loss) && network.Layers.OfType<Linear<double>>().LastOrDefault() is { Outputs: > 1 };

    protected override bool Fits(Loss<double> loss) => loss is MeanSquaredError<double>;

    protected override Loss<double> NewLoss() => new MeanSquaredError<double>();
}
