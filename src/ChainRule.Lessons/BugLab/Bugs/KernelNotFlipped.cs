using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>A convolution turns its kernel round, and the kernel's gradient is computed as if it did not.</summary>
internal sealed class KernelNotFlipped : BugOfAFormula
{
    public override string Name => "kernel-not-flipped";

    public override GradientMistake Cause => GradientMistake.Reordered;

    protected override string Formula => "aⱼ = Σ wₖ·xⱼ₋ₖ₊₁, a convolution along each row, 0 outside";

    protected override string Result => "dw";

    protected override Code<Line> Right { get; } = new((x, p, a, da) => x.SlideUnder(da, places: 3).Reverse());

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) => x.SlideUnder(da, places: 3));

    protected override BugText English => new(
        "The kernel is not flipped",
        "In mathematics a convolution turns its kernel round, in most libraries it does not. Forward followed the textbook, backward the library.",
        "The kernel's gradient is there, back to front. A kernel that is the same from both sides hides it.",
        "What is flipped on the way forward is flipped on the way back: dwₖ = Σ daⱼ·xⱼ₋ₖ₊₁. Or flip nowhere, as most libraries do.");

    protected override BugText Korean => new(
        "커널을 뒤집지 않음",
        "수학의 합성곱은 커널을 뒤집지만 라이브러리는 대부분 뒤집지 않습니다. 순전파는 교과서를, 역전파는 라이브러리를 따랐습니다.",
        "커널의 기울기가 앞뒤로 바뀌어 나옵니다. 대칭인 커널에서는 드러나지 않습니다.",
        "순전파에서 뒤집었으면 역전파에서도 뒤집습니다: dwₖ = Σ daⱼ·xⱼ₋ₖ₊₁. 대부분의 라이브러리처럼 아예 뒤집지 않아도 됩니다.");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) => x.SlideOver(p[0].Reverse());

    protected override IReadOnlyList<Parameter<double>> Start(int inputs, NumPyRandom random) => [new("kernel", random.Randn(3))];

    protected override IReadOnlyList<Tensor<double>> ParameterGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => [line(x, p, a, da)];

    protected override Tensor<double> InputGradient(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => da.SlideOver(p[0]);
}
