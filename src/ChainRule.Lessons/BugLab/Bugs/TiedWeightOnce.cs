using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>A weight that is used twice gets the gradient of one use.</summary>
internal sealed class TiedWeightOnce : BugOfAFormula
{
    public override string Name => "tied-weight-once";

    public override GradientMistake Cause => GradientMistake.PathMissing;

    protected override string Formula => "h = tanh(x·W), a = h·Wᵀ";

    protected override string Result => "dW";

    protected override Code<Line> Right { get; } = new((x, p, a, da) => x.Transpose().MatMul(BeforeTanh(x, p, da)) + da.Transpose().MatMul(Hidden(x, p)));

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) => da.Transpose().MatMul(Hidden(x, p)));

    protected override BugText English => new(
        "A tied weight, counted once",
        "Encoder and decoder share W. The gradient of the decoder was assigned, and that of the encoder came first.",
        "Only W is wrong, and half of it is there. Training works, worse than with two weights of their own, and the sharing gets the blame.",
        "W has two places in the formula, so two paths: what encoder and decoder give is added.");

    protected override BugText Korean => new(
        "한 번만 계산된 공유 가중치",
        "인코더와 디코더가 W를 함께 씁니다. 인코더의 기울기 다음에 디코더의 기울기를 대입했습니다.",
        "W만 틀리고 절반만 들어 있습니다. 학습은 되지만 가중치를 따로 둘 때보다 나빠서, 공유한 탓으로 돌리게 됩니다.",
        "W는 식에 두 번 나오므로 경로도 두 개입니다. 인코더와 디코더에서 온 기울기를 더합니다.");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) =>
        x.MatMul(p[0]).Map(Math.Tanh).MatMul(p[0].Transpose());

    protected override IReadOnlyList<Parameter<double>> Start(int inputs, NumPyRandom random) => [new("W", random.Randn(inputs, 3) / Math.Sqrt(inputs))];

    protected override IReadOnlyList<Tensor<double>> ParameterGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => [line(x, p, a, da)];

    protected override Tensor<double> InputGradient(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => BeforeTanh(x, p, da).MatMul(p[0].Transpose());

    private static Tensor<double> Hidden(Tensor<double> x, Tensor<double>[] p) => x.MatMul(p[0]).Map(Math.Tanh);

    private static Tensor<double> BeforeTanh(Tensor<double> x, Tensor<double>[] p, Tensor<double> da) => da.MatMul(p[0]) * Hidden(x, p).Map(h => 1 - (h * h));
}
