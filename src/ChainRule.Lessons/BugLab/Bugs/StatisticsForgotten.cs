using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>Mean and variance are treated as constants, but they are made of x.</summary>
internal sealed class StatisticsForgotten : BugOfAFormula
{
    public override string Name => "statistics-forgotten";

    public override GradientMistake Cause => GradientMistake.CrossTermsMissing;

    protected override string Formula => "a = (x − mean) / √(variance + ε), row by row";

    protected override string Result => "dx";

    protected override Code<Line> Right { get; } = new((x, p, a, da) => (da - da.MeanOfEachRow() - (a * (da * a).MeanOfEachRow())) / Deviation(x));

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) => da / Deviation(x));

    protected override BugText English => new(
        "Mean and variance as constants",
        "Forward subtracts a number and divides by a number. On the way back they were taken for numbers.",
        "Everything below the normalisation is wrong. The rows of dx should have the mean 0 and do not.",
        "Mean and variance are functions of the whole row: each value reaches every output over them. Two more paths, two more terms.");

    protected override BugText Korean => new(
        "평균과 분산을 상수로 취급함",
        "순전파에서는 숫자를 빼고 숫자로 나눕니다. 역전파에서도 그것을 그냥 숫자로 보았습니다.",
        "정규화 아래쪽이 모두 틀립니다. dx의 각 행은 평균이 0이어야 하는데 그렇지 않습니다.",
        "평균과 분산은 행 전체의 함수이므로, 각 값은 이들을 거쳐 모든 출력에 닿습니다. 경로가 두 개 더 있으니 항도 두 개 더 있습니다.");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) => (x - x.MeanOfEachRow()) / Deviation(x);

    /// <summary>√(the variance of each row + ε).</summary>
    private static Tensor<double> Deviation(Tensor<double> x)
    {
        Tensor<double> difference = x - x.MeanOfEachRow();
        return (difference * difference).MeanOfEachRow().Map(variance => Math.Sqrt(variance + 1e-5));
    }
}
