using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>Every sample is multiplied with the inputs of the first.</summary>
internal sealed class SampleIndexForgotten : LinearBug
{
    public override string Name => "sample-index-forgotten";

    public override GradientMistake Cause => GradientMistake.RightForOneSampleOnly;

    protected override Gradient Of => Gradient.Weight;

    protected override Code<Line> Right => WeightSampleBySample;

    protected override Code<Line> Wrong { get; } = new((x, W, dz) =>
    {
        Tensor<double> dW = W.Zeros();
        for (int i = 0; i < x.Lengths[0]; i++)
        {
            for (int k = 0; k < W.Lengths[0]; k++)
            {
                for (int j = 0; j < W.Lengths[1]; j++)
                {
                    dW[k, j] += x[0, k] * dz[i, j];
                }
            }
        }

        return dW;
    });

    protected override bool Shows(Linear<double> layer) => true;

    protected override BugText English => new(
        "The index of the sample is forgotten",
        "The gradient was written for one sample, and the loop over the batch put around it afterwards.",
        "Only the weight is wrong. With a batch of 1 all is right, and so were the tests.",
        "Each sample has its own inputs: dWₖⱼ = Σᵢ xᵢₖ·dzᵢⱼ.");

    protected override BugText Korean => new(
        "샘플의 색인을 잊음",
        "샘플 하나에 대한 기울기를 먼저 쓰고, 나중에 배치에 대한 반복문을 둘렀습니다.",
        "가중치만 틀립니다. 배치 크기가 1이면 모두 맞고, 시험도 그랬습니다.",
        "샘플마다 입력이 다릅니다: dWₖⱼ = Σᵢ xᵢₖ·dzᵢⱼ.");
}
