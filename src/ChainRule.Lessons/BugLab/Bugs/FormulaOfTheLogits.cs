using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Losses;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The short formula for logits, used for probabilities.</summary>
internal sealed class FormulaOfTheLogits : LossBug
{
    public override string Name => "formula-of-the-logits";

    public override GradientMistake Cause => GradientMistake.ActivationDerivativeMisplaced;

    protected override string Forward => "L = mean(−y·log p − (1 − y)·log(1 − p))";

    protected override Code<Line> Right { get; } = new((p, y) => (p - y) / (p * (1.0 - p)) / p.FlattenedLength);

    protected override Code<Line> Wrong { get; } = new((p, y) => (p - y) / p.FlattenedLength);

    protected override BugText English => new(
        "The formula of the logits, for probabilities",
        "The short formula p − y is so well known that it was used without its condition: it is the slope for the value in front of the sigmoid.",
        "Every gradient is wrong, by another factor for each sample. Below the loss the sigmoid multiplies its derivative in once more, so saturated samples stop learning.",
        "For probabilities the slope is (p − y)/(p(1 − p))/N. Or give the loss the logits, and leave the sigmoid out of the network.");

    protected override BugText Korean => new(
        "확률에 로짓의 공식을 씀",
        "짧은 공식 p − y가 워낙 유명해서 조건을 빼고 썼습니다. 이 식은 시그모이드에 들어가기 전의 값에 대한 기울기입니다.",
        "모든 기울기가 틀리고 배율은 샘플마다 다릅니다. 손실 아래에서 시그모이드가 미분을 한 번 더 곱하므로 포화된 샘플은 학습을 멈춥니다.",
        "확률에 대한 기울기는 (p − y)/(p(1 − p))/N입니다. 아니면 손실에 로짓을 넘기고 신경망에서 시그모이드를 뺍니다.");

    protected override bool Fits(Loss<double> loss) => loss is BinaryCrossEntropy<double>;

    protected override Loss<double> NewLoss() => new BinaryCrossEntropy<double>();

    protected override Layer<double>[] Last() => [new Sigmoid<double>()];
}
