using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>Average pooling hands the whole gradient to each place of the window.</summary>
internal sealed class WindowNotDivided : BugOfAFormula
{
    private static readonly Tensor<double> ones = Tensor.Create([1.0, 1, 1], [3]);

    public override string Name => "window-not-divided";

    public override GradientMistake Cause => GradientMistake.ConstantFactor;

    protected override string Formula => "aⱼ = (xⱼ + xⱼ₊₁ + xⱼ₊₂)/3, windows of three along each row";

    protected override string Result => "dx";

    protected override Code<Line> Right { get; } = new((x, p, a, da) => da.SlideOver(ones, padding: 2) / 3.0);

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) => da.SlideOver(ones, padding: 2));

    protected override BugText English => new(
        "The window is not divided",
        "The backward pass was copied from that of a sum: every value of the window gets the gradient. The mean has a division besides.",
        "Everything below is as many times too large as the window has values. With Adam nobody notices; with plain descent the lower layers jump.",
        "The output changes by a third of what one value of three changes: the gradient is divided by the size of the window, as the sum was.");

    protected override BugText Korean => new(
        "창의 크기로 나누지 않음",
        "합의 역전파를 그대로 베꼈습니다. 창의 모든 값이 기울기를 받는 것까지는 같지만, 평균에는 나눗셈이 더 있습니다.",
        "아래쪽이 모두 창의 크기만큼 커집니다. Adam을 쓰면 드러나지 않고, 단순한 경사 하강법에서는 아래층이 크게 흔들립니다.",
        "세 값 중 하나가 변하면 출력은 그 3분의 1만 변합니다. 합을 창의 크기로 나누었듯 기울기도 나눕니다.");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) => x.SlideOver(ones, padding: 0) / 3.0;
}
