using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>1 − a in the place of 1 − a².</summary>
internal sealed class TanhWithoutSquare : ActivationBug
{
    public override string Name => "tanh-without-square";

    public override GradientMistake Cause => GradientMistake.ActivationDerivativeWrong;

    protected override string Forward => "a = tanh(x)";

    protected override Code<Line> Right { get; } = new((f, x, a, da) => da * (1.0 - (a * a)));

    protected override Code<Line> Wrong { get; } = new((f, x, a, da) => da * (1.0 - a));

    protected override BugText English => new(
        "The square is lost",
        "The formula of tanh′ was remembered as almost that of the sigmoid.",
        "Everything below is wrong, by a factor from ½ to 1 for positive values, and without bound towards −1. Training often still works, only worse: the sign is right.",
        "tanh′(x) = 1 − tanh²(x) = 1 − a².");

    protected override BugText Korean => new(
        "제곱이 빠짐",
        "tanh의 미분을 시그모이드의 미분과 비슷하게 잘못 기억했습니다.",
        "아래쪽이 모두 틀립니다. 부호는 맞으므로 학습이 되기도 하지만 성능이 나빠집니다.",
        "tanh′(x) = 1 − tanh²(x) = 1 − a²입니다.");

    protected override bool Fits(Layer<double> layer) => layer is Tanh<double>;
}
