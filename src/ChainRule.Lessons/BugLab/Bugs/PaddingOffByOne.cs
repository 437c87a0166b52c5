using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The padding is counted on the way forward and forgotten on the way back.</summary>
internal sealed class PaddingOffByOne : BugOfAFormula
{
    public override string Name => "padding-off-by-one";

    public override GradientMistake Cause => GradientMistake.OffByOne;

    protected override string Formula => "aⱼ = Σ wₖ·xⱼ₊ₖ₋₁, a window of 3 along each row, padded by one 0 on each side";

    protected override string Result => "dx";

    protected override Code<Line> Right { get; } = new((x, p, a, da) => da.SlideOver(p[0].Reverse()));

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) => da.SlideOver(p[0].Reverse(), padding: 2).Columns(0, x.Lengths[1]));

    protected override BugText English => new(
        "The padding is off by one",
        "With k places and padding p the way back has the padding k − 1 − p. Here k − 1 stood there: the formula of a layer without padding.",
        "The kernel's gradient is right, and the gradient below is moved by one place: each value gets what belongs to its neighbour. Images look right all the same, and training loses its edges.",
        "Write the index of the forward pass down and solve it for the input: i = j + k − p gives j = i − k + p, with the same p.");

    protected override BugText Korean => new(
        "패딩이 하나 어긋남",
        "커널 크기가 k이고 패딩이 p이면 되돌아갈 때의 패딩은 k − 1 − p입니다. 여기에는 패딩이 없는 층의 공식인 k − 1을 썼습니다.",
        "커널의 기울기는 맞고 아래로 가는 기울기는 한 칸 밀립니다. 각 값이 이웃의 기울기를 받습니다.",
        "순전파의 색인을 적고 입력에 대해 풉니다: i = j + k − p이면 j = i − k + p이고, p는 같은 값입니다.");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) => x.SlideOver(p[0]);

    protected override IReadOnlyList<Parameter<double>> Start(int inputs, NumPyRandom random) => [new("kernel", random.Randn(3))];

    protected override IReadOnlyList<Tensor<double>> ParameterGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => [x.SlideUnder(da, places: 3)];
}
