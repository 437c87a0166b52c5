using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>Registers of four take the outputs four at a time, and nobody takes the rest.</summary>
internal sealed class TailLeftOut : LinearBug
{
    public override string Name => "tail-left-out";

    public override GradientMistake Cause => GradientMistake.PartWrong;

    protected override Gradient Of => Gradient.Weight;

    protected override Code<Line> Right => WeightSampleBySample;

    protected override Code<Line> Wrong { get; } = new((x, W, dz) =>
    {
        Tensor<double> dW = W.Zeros();
        for (int i = 0; i < x.Lengths[0]; i++)
        {
            for (int k = 0; k < W.Lengths[0]; k++)
            {
                for (int j = 0; j < W.Lengths[1] / 4 * 4; j++)
                {
                    dW[k, j] += x[i, k] * dz[i, j];
                }
            }
        }

        return dW;
    });

    protected override BugText English => new(
        "The tail of the loop is left out",
        "The loop was made faster by taking four outputs at once. All tests had 8 or 16 outputs.",
        "Only the last one to three columns of the weight's gradient stay 0, and none where the number of outputs is a multiple of four.",
        "After the groups of four the rest is done one by one. Test with sizes that are not multiples of anything.");

    protected override BugText Korean => new(
        "반복문의 꼬리가 빠짐",
        "출력을 네 개씩 묶어 빠르게 만들었습니다. 시험은 모두 출력이 8개나 16개였습니다.",
        "가중치 기울기의 마지막 한 열에서 세 열만 0으로 남고, 출력의 수가 4의 배수이면 모두 맞습니다.",
        "네 개씩 처리한 뒤 나머지를 하나씩 처리합니다. 시험할 때는 어떤 수의 배수도 아닌 크기를 씁니다.");

    protected override bool Shows(Linear<double> layer) => layer.Outputs % 4 != 0;

    protected override int Outputs(int outputs) => 6;
}
