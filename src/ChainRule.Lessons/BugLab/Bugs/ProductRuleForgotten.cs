using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>x·σ(x) is a product: both factors move.</summary>
internal sealed class ProductRuleForgotten : ActivationBug
{
    public override string Name => "product-rule-forgotten";

    public override GradientMistake Cause => GradientMistake.ActivationDerivativeWrong;

    protected override string Forward => "a = x·σ(x)";

    protected override Code<Line> Right { get; } = new((f, x, a, da) => da * (x.Map(Activation.Sigmoid) + (x * x.Map(Activation.SigmoidDerivative))));

    protected override Code<Line> Wrong { get; } = new((f, x, a, da) => da * x.Map(Activation.Sigmoid));

    protected override BugText English => new(
        "Half of the product rule",
        "σ(x) was seen as a gate that lets a share of x through, and a gate as a constant.",
        "Everything below is wrong, least near 0 and far out, most in between. Training works, and is a little worse for no visible reason.",
        "Both factors depend on x: (x·σ(x))′ = σ(x) + x·σ′(x).");

    protected override BugText Korean => new(
        "곱의 미분을 절반만 함",
        "σ(x)를 x의 일부를 통과시키는 문으로 보고, 문을 상수로 취급했습니다.",
        "아래쪽이 모두 틀립니다. 0 근처와 아주 먼 곳에서는 조금, 그 사이에서는 많이 틀립니다. 학습은 되지만 이유 없이 조금 나쁩니다.",
        "두 인수가 모두 x의 함수입니다: (x·σ(x))′ = σ(x) + x·σ′(x).");

    protected override bool Fits(Layer<double> layer) => layer is Silu<double>;

    protected override Sequential<double> Sample(int inputs, int hidden, int outputs, NumPyRandom random) =>
        new(Linear(inputs, hidden, random), new Silu<double>(), Linear(hidden, outputs, random));
}
