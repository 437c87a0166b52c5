using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>A value with two users hands its gradient down when the first arrives, and again when the second does.</summary>
internal sealed class SharedValueTwice : BugOfAFormula
{
    public override string Name => "shared-value-twice";

    public override GradientMistake Cause => GradientMistake.PathCountedTwice;

    protected override string Formula => "h = tanh(x·V), a = [h·U, h·W]";

    protected override string Result => "dh";

    protected override Code<Line> Right { get; } = new((x, p, a, da) => FromU(p, da) + FromW(p, da));

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) => FromU(p, da) + (FromU(p, da) + FromW(p, da)));

    protected override BugText English => new(
        "A shared value counts twice",
        "The graph was walked without an order: h passed its gradient on as soon as one user had delivered, and once more with the sum. An early version of a well-known teaching engine did so.",
        "What lies above h is right, everything below it is wrong: the paths of the user that came first count twice. Without shared values all is right.",
        "Walk the graph in topological order: a value hands its gradient down once, after all its users have added to it.");

    protected override BugText Korean => new(
        "두 번 세어진 공유 값",
        "그래프를 순서 없이 돌았습니다. h는 한 사용자가 기울기를 주자마자 아래로 넘기고, 다음 사용자가 더한 뒤에 합을 또 넘겼습니다. 널리 알려진 교육용 엔진의 초기 판이 그랬습니다.",
        "h 위쪽은 맞지만 아래쪽이 모두 틀립니다. 먼저 온 사용자의 경로가 두 번 세어집니다. 공유하는 값이 없으면 모두 맞습니다.",
        "그래프를 위상 순서로 돕니다. 값은 모든 사용자가 기울기를 더한 다음에 한 번만 아래로 넘깁니다.");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p)
    {
        Tensor<double> h = Hidden(x, p[0]);
        return h.MatMul(p[1]).Beside(h.MatMul(p[2]));
    }

    protected override IReadOnlyList<Parameter<double>> Start(int inputs, NumPyRandom random) =>
        [new("V", random.Randn(inputs, 4) / Math.Sqrt(inputs)), new("U", random.Randn(4, 2)), new("W", random.Randn(4, 3))];

    protected override IReadOnlyList<Tensor<double>> ParameterGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line)
    {
        Tensor<double> h = Hidden(x, p[0]);
        return [x.Transpose().MatMul(BeforeTanh(x, p, line(x, p, a, da))), h.Transpose().MatMul(da.Columns(0, 2)), h.Transpose().MatMul(da.Columns(2, 5))];
    }

    protected override Tensor<double> InputGradient(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => BeforeTanh(x, p, line(x, p, a, da)).MatMul(p[0].Transpose());

    private static Tensor<double> FromU(Tensor<double>[] p, Tensor<double> da) => da.Columns(0, 2).MatMul(p[1].Transpose());

    private static Tensor<double> FromW(Tensor<double>[] p, Tensor<double> da) => da.Columns(2, 5).MatMul(p[2].Transpose());

    private static Tensor<double> Hidden(Tensor<double> x, Tensor<double> weight) => x.MatMul(weight).Map(Math.Tanh);

    private static Tensor<double> BeforeTanh(Tensor<double> x, Tensor<double>[] p, Tensor<double> dh) => dh * Hidden(x, p[0]).Map(h => 1 - (h * h));
}
