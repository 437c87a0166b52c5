using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Losses;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The derivative of a square without its 2.</summary>
internal sealed class FactorTwoLost : LossBug
{
    public override string Name => "factor-two-lost";

    public override GradientMistake Cause => GradientMistake.FactorOfTwo;

    protected override string Forward => "L = mean((p − y)²)";

    protected override Code<Line> Right { get; } = new((p, y) => 2.0 * (p - y) / p.FlattenedLength);

    protected override Code<Line> Wrong { get; } = new((p, y) => (p - y) / p.FlattenedLength);

    protected override BugText English => new(
        "The 2 of the square is lost",
        "Some books write the loss with ½ in front, so that the 2 of the derivative cancels. The derivative was copied from there, the loss from somewhere else.",
        "Every gradient of the network is half of what it should be. Training works, at half of the learning rate that one believes to use.",
        "The derivative of (p − y)² is 2(p − y). Whoever leaves out the 2 must put ½ into the loss.");

    protected override BugText Korean => new(
        "제곱의 2가 빠짐",
        "손실 앞에 ½을 붙여 미분의 2를 없애는 책이 많습니다. 미분은 그런 책에서, 손실은 다른 곳에서 가져왔습니다.",
        "신경망의 모든 기울기가 절반이 됩니다. 학습은 되지만 실제 학습률은 생각한 값의 절반입니다.",
        "(p − y)²의 미분은 2(p − y)입니다. 2를 빼려면 손실에 ½을 곱해야 합니다.");

    protected override bool Fits(Loss<double> loss) => loss is MeanSquaredError<double>;

    protected override Loss<double> NewLoss() => new MeanSquaredError<double>();
}
