using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The slope is taken at x, where the function was entered at x + b.</summary>
internal sealed class BiasForgottenInTheSlope : BugOfAFormula
{
    public override string Name => "bias-forgotten-in-the-slope";

    public override GradientMistake Cause => GradientMistake.WrongAfterTraining;

    protected override string Formula => "a = tanh(x + b), with b = 0 at first";

    protected override string Result => "dx";

    protected override Code<Line> Right { get; } = new((x, p, a, da) => da * (x + p[0]).Map(TanhSlope));

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) => da * x.Map(TanhSlope));

    protected override BugText English => new(
        "The slope without the bias",
        "Bias and activation were one layer, and the input was what was kept. With b = 0 that is the same.",
        "At the start all is right. Once the bias has moved, everything below is wrong.",
        "The slope belongs to the value that the function saw: tanh′(x + b).");

    protected override BugText Korean => new(
        "편향을 뺀 미분",
        "편향과 활성화 함수를 한 층으로 만들고 입력을 보관했습니다. b = 0이면 차이가 없습니다.",
        "처음에는 모두 맞습니다. 편향이 움직이면 아래쪽이 모두 틀립니다.",
        "미분은 함수가 받은 값에서 구합니다: tanh′(x + b).");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) => (x + p[0]).Map(Math.Tanh);

    protected override IReadOnlyList<Parameter<double>> Start(int inputs, NumPyRandom random) => [new("bias", Tensor.CreateFromShape<double>([inputs]))];

    protected override IReadOnlyList<Tensor<double>> ParameterGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => [(da * (1.0 - (a * a))).SumOverBatch()];

    private static double TanhSlope(double z) => 1 - (Math.Tanh(z) * Math.Tanh(z));
}
