using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The path through the mean is there, the one through the variance is not.</summary>
internal sealed class VarianceForgotten : BugOfAFormula
{
    public override string Name => "variance-forgotten";

    public override GradientMistake Cause => GradientMistake.CrossTermsMissing;

    protected override string Formula => "a = (x − mean) / √(variance + ε), row by row";

    protected override string Result => "dx";

    protected override Code<Line> Right { get; } = new((x, p, a, da) => (da - da.MeanOfEachRow() - (a * (da * a).MeanOfEachRow())) / Deviation(x));

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) => (da - da.MeanOfEachRow()) / Deviation(x));

    protected override BugText English => new(
        "The path through the variance",
        "The mean is in the numerator, in plain sight, and got its term. The variance is below, under a root.",
        "Everything below is wrong, by a little in wide layers and by much in narrow ones.",
        "x reaches the output on three roads: directly, over the mean, and over the variance. The third one is − a · mean(da · a).");

    protected override BugText Korean => new(
        "분산을 지나는 경로",
        "평균은 분자에 있어 눈에 띄므로 항을 넣었습니다. 분산은 분모의 근호 안에 있습니다.",
        "아래쪽이 모두 틀립니다. 넓은 층에서는 조금, 좁은 층에서는 많이 틀립니다.",
        "x는 직접, 평균을 거쳐, 분산을 거쳐 세 갈래로 출력에 닿습니다. 세 번째 항이 − a · mean(da · a)입니다.");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) => (x - x.MeanOfEachRow()) / Deviation(x);

    /// <summary>√(the variance of each row + ε).</summary>
    private static Tensor<double> Deviation(Tensor<double> x)
    {
        Tensor<double> difference = x - x.MeanOfEachRow();
        return (difference * difference).MeanOfEachRow().Map(variance => Math.Sqrt(variance + 1e-5));
    }
}
