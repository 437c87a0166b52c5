using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>f′ is multiplied in by the layer above and once more here.</summary>
internal sealed class DerivativeTwice : ActivationBug
{
    public override string Name => "derivative-twice";

    public override GradientMistake Cause => GradientMistake.ActivationDerivativeMisplaced;

    protected override Code<Line> Wrong { get; } = new((f, x, a, da) => da * f.Slope(x) * f.Slope(x));

    protected override BugText English => new(
        "The derivative twice",
        "The layer above had multiplied the slope in already, to save a loop. Then the activation became a layer of its own.",
        "Everything below the activation is wrong and too small. In deep networks of sigmoids the first layers stop learning altogether.",
        "Each step of the forward pass has one factor in the backward pass, in one place.");

    protected override BugText Korean => new(
        "미분을 두 번 곱함",
        "반복문을 아끼려고 위층에서 미분을 미리 곱해 두었는데, 그 뒤 활성화 함수가 독립된 층이 되었습니다.",
        "활성화 함수 아래쪽이 모두 틀리고 너무 작습니다. 시그모이드를 깊게 쌓으면 첫 층들은 전혀 학습하지 못합니다.",
        "순전파의 한 단계에는 역전파의 인수가 하나, 한 곳에만 있습니다.");

    protected override bool Fits(Layer<double> layer) => layer is Sigmoid<double> or Tanh<double> or Softplus<double> or Silu<double> or Gelu<double>;
}
