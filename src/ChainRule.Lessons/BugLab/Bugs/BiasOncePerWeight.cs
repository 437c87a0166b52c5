using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The bias stands inside the loop over the incoming weights.</summary>
internal sealed class BiasOncePerWeight : LinearBug
{
    public override string Name => "bias-once-per-weight";

    public override GradientMistake Cause => GradientMistake.FactorOfUnits;

    protected override Gradient Of => Gradient.Bias;

    protected override Code<Line> Right { get; } = new((x, W, dz) =>
    {
        Tensor<double> db = dz.Row(0).Zeros();
        for (int i = 0; i < x.Lengths[0]; i++)
        {
            for (int j = 0; j < W.Lengths[1]; j++)
            {
                db[j] += dz[i, j];
            }
        }

        return db;
    });

    protected override Code<Line> Wrong { get; } = new((x, W, dz) =>
    {
        Tensor<double> db = dz.Row(0).Zeros();
        for (int i = 0; i < x.Lengths[0]; i++)
        {
            for (int j = 0; j < W.Lengths[1]; j++)
            {
                for (int k = 0; k < W.Lengths[0]; k++)
                {
                    db[j] += dz[i, j]; // beside dW[k, j] += x[i, k] * dz[i, j]
                }
            }
        }

        return db;
    });

    protected override BugText English => new(
        "The bias, once for each weight",
        "Weights and bias were updated in the same loop, and the loop runs over the incoming weights.",
        "Only the bias is wrong: too large by the number of inputs.",
        "A unit has many incoming weights and one bias. Its gradient is added once for each sample, outside the loop over the inputs.");

    protected override BugText Korean => new(
        "가중치마다 한 번씩 더한 편향",
        "가중치와 편향을 같은 반복문에서 다루었는데, 그 반복문은 들어오는 가중치를 하나씩 돕니다.",
        "편향만 틀리며 입력의 수만큼 큽니다.",
        "유닛 하나에 들어오는 가중치는 여럿이지만 편향은 하나입니다. 입력에 대한 반복문 밖에서, 샘플마다 한 번만 더합니다.");
}
