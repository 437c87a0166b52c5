using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>ε guards the division on the way forward, and not on the way back.</summary>
internal sealed class EpsilonForgotten : BugOfAFormula
{
    public override string Name => "epsilon-forgotten";

    public override GradientMistake Cause => GradientMistake.NotFinite;

    protected override string Formula => "a = x / √(mean(x²) + ε), row by row";

    protected override string Result => "dx";

    protected override Code<Line> Right { get; } = new((x, p, a, da) => (da - (a * (da * a).MeanOfEachRow())) / Root(x, 1e-5));

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) => (da - (a * (da * a).MeanOfEachRow())) / Root(x, 0));

    protected override BugText English => new(
        "ε on one side only",
        "ε was put into the forward pass when a row of zeros gave NaN. Backward had not failed yet.",
        "A row of zeros, padding or a dead unit, makes the gradient infinite; the next step makes every weight NaN. All other rows look right.",
        "Backward differentiates what forward computes, ε included. Keep the root of the forward pass and divide by that.");

    protected override BugText Korean => new(
        "한쪽에만 넣은 ε",
        "0으로 된 행에서 NaN이 나오자 순전파에 ε을 넣었습니다. 역전파에서는 아직 문제가 없었습니다.",
        "패딩이나 죽은 유닛처럼 0으로 된 행이 있으면 기울기가 무한대가 되고, 다음 단계에서 모든 가중치가 NaN이 됩니다. 다른 행은 맞아 보입니다.",
        "역전파는 ε까지 포함해 순전파가 계산한 것을 미분합니다. 순전파의 제곱근을 보관해 두고 그것으로 나눕니다.");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) => x / Root(x, 1e-5);

    protected override Tensor<double> Inputs(int batch, int inputs, double scale, NumPyRandom random)
    {
        Tensor<double> x = base.Inputs(batch, inputs, scale, random);
        x.AsSpan()[..inputs].Clear(); // a sample that is all padding
        return x;
    }

    private static Tensor<double> Root(Tensor<double> x, double epsilon) => (x * x).MeanOfEachRow().Map(mean => Math.Sqrt(mean + epsilon));
}
