using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>Each weight meets the input beside its own.</summary>
internal sealed class NeighbouringInput : LinearBug
{
    public override string Name => "neighbouring-input";

    public override GradientMistake Cause => GradientMistake.OffByOne;

    protected override Gradient Of => Gradient.Weight;

    protected override Code<Line> Right => WeightSampleBySample;

    protected override Code<Line> Wrong { get; } = new((x, W, dz) =>
    {
        Tensor<double> dW = W.Zeros();
        for (int i = 0; i < x.Lengths[0]; i++)
        {
            for (int k = 0; k < W.Lengths[0] - 1; k++)
            {
                for (int j = 0; j < W.Lengths[1]; j++)
                {
                    dW[k, j] += x[i, k + 1] * dz[i, j];
                }
            }
        }

        return dW;
    });

    protected override BugText English => new(
        "The input beside it",
        "An offset that made room for the bias in the first column was taken out in one place only.",
        "Only the weight is wrong: every row of its gradient has the values of the next one, and the last row stays 0.",
        "Wₖⱼ was multiplied with xᵢₖ, so xᵢₖ comes back: the same k on both sides.");

    protected override BugText Korean => new(
        "이웃한 입력",
        "첫 열에 편향을 두려고 넣었던 간격을 한 곳에서만 없앴습니다.",
        "가중치만 틀립니다. 기울기의 각 행에 다음 행의 값이 들어 있고 마지막 행은 0입니다.",
        "Wₖⱼ는 xᵢₖ와 곱해졌으므로 xᵢₖ가 돌아옵니다. 양쪽의 k가 같아야 합니다.");
}
