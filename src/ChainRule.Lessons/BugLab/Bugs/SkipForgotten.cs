using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The shortcut carries the value forward, and not the gradient back.</summary>
internal sealed class SkipForgotten : BugOfAFormula
{
    public override string Name => "skip-forgotten";

    public override GradientMistake Cause => GradientMistake.PathMissing;

    protected override string Formula => "a = x + tanh(x·W)";

    protected override string Result => "dx";

    protected override Code<Line> Right { get; } = new((x, p, a, da) => da + (da * Slope(x, p)).MatMul(p[0].Transpose()));

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) => (da * Slope(x, p)).MatMul(p[0].Transpose()));

    protected override BugText English => new(
        "The shortcut is forgotten",
        "The plus was the last line of the forward pass and looked too simple to need a line of its own on the way back.",
        "W is right, everything below is wrong, and the gradient dies out over many blocks: what the shortcut was made to prevent.",
        "A sum hands its gradient to both sides. x has two paths to a, and their gradients add up: da + (da · tanh′)·Wᵀ.");

    protected override BugText Korean => new(
        "지름길을 잊음",
        "덧셈은 순전파의 마지막 줄이고 너무 단순해서, 역전파에 따로 줄이 필요 없어 보였습니다.",
        "W는 맞지만 아래쪽이 모두 틀립니다. 블록이 많으면 기울기가 사라지는데, 지름길은 바로 그것을 막으려고 만든 것입니다.",
        "덧셈은 기울기를 양쪽에 그대로 넘깁니다. x에서 a로 가는 경로는 두 개이고 기울기를 더합니다: da + (da · tanh′)·Wᵀ.");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) => x + x.MatMul(p[0]).Map(Math.Tanh);

    protected override IReadOnlyList<Parameter<double>> Start(int inputs, NumPyRandom random) => [new("weight", random.Randn(inputs, inputs) / Math.Sqrt(inputs))];

    protected override IReadOnlyList<Tensor<double>> ParameterGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => [x.Transpose().MatMul(da * Slope(x, p))];

    private static Tensor<double> Slope(Tensor<double> x, Tensor<double>[] p) => x.MatMul(p[0]).Map(z => 1 - (Math.Tanh(z) * Math.Tanh(z)));
}
