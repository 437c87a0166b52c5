using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>A scale that starts at 1 is left out on the way back.</summary>
internal sealed class ScaleForgotten : BugOfAFormula
{
    public override string Name => "scale-forgotten";

    public override GradientMistake Cause => GradientMistake.WrongAfterTraining;

    protected override string Formula => "a = γ·x + β, feature by feature, with γ = 1 and β = 0 at first";

    protected override string Result => "dx";

    protected override Code<Line> Right { get; } = new((x, p, a, da) => da * p[0]);

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) => da);

    protected override BugText English => new(
        "A scale of 1 is forgotten",
        "At the start γ is 1, and multiplying by 1 changes nothing: every test of the fresh layer passed.",
        "At the start all is right. Once training has moved γ, everything below the layer is wrong, and the more so the further it has moved.",
        "Check a gradient after some training too, or with parameters that are drawn at random: dx = da · γ.");

    protected override BugText Korean => new(
        "1인 배율을 잊음",
        "처음에는 γ가 1이고 1을 곱하면 달라지는 것이 없으므로, 새로 만든 층의 시험은 모두 통과했습니다.",
        "처음에는 모두 맞습니다. 학습으로 γ가 움직이면 층 아래쪽이 모두 틀리고, 많이 움직일수록 더 틀립니다.",
        "기울기는 조금 학습한 뒤에도, 또는 무작위로 정한 매개변수로도 검사합니다: dx = da · γ.");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) => (x * p[0]) + p[1];

    protected override IReadOnlyList<Parameter<double>> Start(int inputs, NumPyRandom random) =>
        [new("gamma", Tensor.CreateFromShape<double>([inputs]).Ones()), new("beta", Tensor.CreateFromShape<double>([inputs]))];

    protected override IReadOnlyList<Tensor<double>> ParameterGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => [(da * x).SumOverBatch(), da.SumOverBatch()];
}
