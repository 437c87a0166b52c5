using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Losses;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>σ′ is multiplied in although the logarithm has cancelled it.</summary>
internal sealed class SlopeOfTheLogitTwice : LossBug
{
    public override string Name => "logit-slope-twice";

    public override GradientMistake Cause => GradientMistake.ActivationDerivativeMisplaced;

    protected override string Forward => "L = mean(−y·log σ(z) − (1 − y)·log(1 − σ(z))), with z = p";

    protected override Code<Line> Right { get; } = new((p, y) => (p.Map(Activation.Sigmoid) - y) / p.FlattenedLength);

    protected override Code<Line> Wrong { get; } = new((p, y) => (p.Map(Activation.Sigmoid) - y) * p.Map(Activation.SigmoidDerivative) / p.FlattenedLength);

    protected override BugText English => new(
        "σ′ after it has cancelled",
        "Every sigmoid needs its derivative on the way back, so it was put here too. But the loss contains the sigmoid and its logarithm together.",
        "Every gradient is too small, most of all for samples that are far off: exactly those that should teach the most hardly move anything.",
        "d log σ(z)/dz = 1 − σ(z): the derivative of the logarithm has σ in the denominator and cancels σ′ = σ(1 − σ). What is left is (σ(z) − y)/N.");

    protected override BugText Korean => new(
        "이미 약분된 σ′을 또 곱함",
        "시그모이드를 지날 때는 늘 그 미분을 곱하므로 여기에도 넣었습니다. 그러나 이 손실에는 시그모이드와 로그가 함께 들어 있습니다.",
        "모든 기울기가 작아지며, 크게 빗나간 샘플일수록 더 작아집니다. 가장 많이 배워야 할 샘플에서 거의 배우지 못합니다.",
        "d log σ(z)/dz = 1 − σ(z)입니다. 로그의 미분에서 분모에 있는 σ가 σ′ = σ(1 − σ)와 약분됩니다. 남는 것은 (σ(z) − y)/N입니다.");

    protected override bool Fits(Loss<double> loss) => loss is BinaryCrossEntropyWithLogits<double>;

    protected override Loss<double> NewLoss() => new BinaryCrossEntropyWithLogits<double>();
}
