using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>a in the place of a(1 − a).</summary>
internal sealed class SigmoidValueAsSlope : ActivationBug
{
    public override string Name => "sigmoid-value-as-slope";

    public override GradientMistake Cause => GradientMistake.ActivationDerivativeWrong;

    protected override string Forward => "a = σ(x)";

    protected override Code<Line> Right { get; } = new((f, x, a, da) => da * a * (1.0 - a));

    protected override Code<Line> Wrong { get; } = new((f, x, a, da) => da * a);

    protected override BugText English => new(
        "The value as the slope",
        "exp is its own derivative, and the sigmoid is made of exp.",
        "Everything below is wrong. Where the sigmoid is saturated at 1, the gradient is not small but whole: those units never settle.",
        "σ′(x) = σ(x)(1 − σ(x)): both factors, and never more than ¼.");

    protected override BugText Korean => new(
        "값을 미분으로 씀",
        "exp는 미분해도 자기 자신이고, 시그모이드는 exp로 이루어져 있습니다.",
        "아래쪽이 모두 틀립니다. 시그모이드가 1에 포화된 곳에서도 기울기가 작아지지 않아 그런 유닛은 안정되지 않습니다.",
        "σ′(x) = σ(x)(1 − σ(x))입니다. 두 인수가 모두 필요하며 ¼을 넘지 않습니다.");

    protected override bool Fits(Layer<double> layer) => layer is Sigmoid<double>;

    protected override Sequential<double> Sample(int inputs, int hidden, int outputs, NumPyRandom random) =>
        new(Linear(inputs, hidden, random), new Sigmoid<double>(), Linear(hidden, outputs, random));
}
