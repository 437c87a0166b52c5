using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The loop over the outputs ends one too early.</summary>
internal sealed class LastOutputLeftOut : LinearBug
{
    public override string Name => "last-output-left-out";

    public override GradientMistake Cause => GradientMistake.OffByOne;

    protected override Gradient Of => Gradient.Weight;

    protected override Code<Line> Right => WeightSampleBySample;

    protected override Code<Line> Wrong { get; } = new((x, W, dz) =>
    {
        Tensor<double> dW = W.Zeros();
        for (int i = 0; i < x.Lengths[0]; i++)
        {
            for (int k = 0; k < W.Lengths[0]; k++)
            {
                for (int j = 0; j < W.Lengths[1] - 1; j++)
                {
                    dW[k, j] += x[i, k] * dz[i, j];
                }
            }
        }

        return dW;
    });

    protected override bool Shows(Linear<double> layer) => layer.Outputs > 1;

    protected override BugText English => new(
        "The last output is left out",
        "'Up to the last one' was written with < and with − 1.",
        "Only the last column of the weight's gradient is wrong: it stays 0, and those weights never move.",
        "j runs over all outputs: j < outputs.");

    protected override BugText Korean => new(
        "마지막 출력이 빠짐",
        "'마지막까지'를 쓰면서 <와 − 1을 함께 썼습니다.",
        "가중치 기울기의 마지막 열만 틀립니다. 0으로 남아 그 가중치들은 움직이지 않습니다.",
        "j는 모든 출력을 돌아야 합니다: j < 출력의 수.");
}
