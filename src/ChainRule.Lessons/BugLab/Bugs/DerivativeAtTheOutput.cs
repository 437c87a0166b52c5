using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>f′ is taken at the output a, where it belongs to the input x.</summary>
internal sealed class DerivativeAtTheOutput : ActivationBug
{
    public override string Name => "derivative-at-the-output";

    public override GradientMistake Cause => GradientMistake.ActivationDerivativeMisplaced;

    protected override Code<Line> Wrong { get; } = new((f, x, a, da) => da * f.Slope(a));

    protected override BugText English => new(
        "The derivative at the output",
        "Forward kept only the output, and a function called derivative was there: it got what was at hand.",
        "Everything below the activation is wrong, by another factor for each value. ReLU hides the mistake, because its slope is the same at x and at a.",
        "The slope belongs to the place where the function was entered: f′(x). Formulas that use the output exist, but they are other formulas: σ′ = a(1 − a).");

    protected override BugText Korean => new(
        "출력에서 구한 미분",
        "순전파에서 출력만 보관했고 derivative라는 함수가 있어서, 가지고 있는 값을 넣었습니다.",
        "활성화 함수 아래쪽이 모두 틀리고 배율은 값마다 다릅니다. ReLU에서는 x와 a에서의 기울기가 같아 드러나지 않습니다.",
        "기울기는 함수에 들어간 값에서 구합니다: f′(x). 출력으로 쓰는 공식도 있지만 식이 다릅니다: σ′ = a(1 − a).");

    protected override bool Fits(Layer<double> layer) => layer is Sigmoid<double> or Tanh<double> or Softplus<double> or Silu<double> or Gelu<double>;
}
