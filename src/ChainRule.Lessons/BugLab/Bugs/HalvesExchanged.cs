using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>Gate and value lie side by side in one weight, and change places on the way back.</summary>
internal sealed class HalvesExchanged : BugOfAFormula
{
    public override string Name => "halves-exchanged";

    public override GradientMistake Cause => GradientMistake.Reordered;

    protected override string Formula => "a = σ(x·U) · (x·V), with W = [U, V]";

    protected override string Result => "dW";

    protected override Code<Line> Right { get; } = new((x, p, a, da) => OfGate(x, p, da).Beside(OfValue(x, p, da)));

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) => OfValue(x, p, da).Beside(OfGate(x, p, da)));

    protected override BugText English => new(
        "The halves are exchanged",
        "Forward splits W into gate and value, backward puts the gradients together: in alphabetical order, or in that of another library.",
        "Only W is wrong: both halves are there, each in the place of the other. Weights that come from another library fail in the same way without any training.",
        "The order of the blocks is part of the format: one constant for both directions.");

    protected override BugText Korean => new(
        "반쪽이 뒤바뀜",
        "순전파에서는 W를 문과 값으로 나누고, 역전파에서는 기울기를 합칩니다. 그런데 합칠 때 다른 라이브러리의 순서를 따랐습니다.",
        "W만 틀립니다. 두 반쪽이 모두 있지만 자리가 서로 바뀌었습니다. 다른 라이브러리에서 가져온 가중치도 같은 식으로 어긋납니다.",
        "블록의 순서도 형식의 일부입니다. 순전파와 역전파가 같은 상수를 쓰게 합니다.");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) => Gate(x, p[0]) * Value(x, p[0]);

    protected override IReadOnlyList<Parameter<double>> Start(int inputs, NumPyRandom random) => [new("W", random.Randn(inputs, 6) / Math.Sqrt(inputs))];

    protected override IReadOnlyList<Tensor<double>> ParameterGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => [line(x, p, a, da)];

    protected override Tensor<double> InputGradient(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) =>
        ByGate(x, p, da).MatMul(p[0].Columns(0, 3).Transpose()) + ByValue(x, p, da).MatMul(p[0].Columns(3, 6).Transpose());

    private static Tensor<double> Gate(Tensor<double> x, Tensor<double> weight) => x.MatMul(weight.Columns(0, 3)).Map(Activation.Sigmoid);

    private static Tensor<double> Value(Tensor<double> x, Tensor<double> weight) => x.MatMul(weight.Columns(3, 6));

    private static Tensor<double> ByGate(Tensor<double> x, Tensor<double>[] p, Tensor<double> da) => da * Value(x, p[0]) * Gate(x, p[0]).Map(s => s * (1 - s));

    private static Tensor<double> ByValue(Tensor<double> x, Tensor<double>[] p, Tensor<double> da) => da * Gate(x, p[0]);

    private static Tensor<double> OfGate(Tensor<double> x, Tensor<double>[] p, Tensor<double> da) => x.Transpose().MatMul(ByGate(x, p, da));

    private static Tensor<double> OfValue(Tensor<double> x, Tensor<double>[] p, Tensor<double> da) => x.Transpose().MatMul(ByValue(x, p, da));
}
