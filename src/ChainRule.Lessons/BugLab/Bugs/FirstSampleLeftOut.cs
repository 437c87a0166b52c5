using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The sum over the batch starts at the second sample.</summary>
internal sealed class FirstSampleLeftOut : LinearBug
{
    public override string Name => "first-sample-left-out";

    public override GradientMistake Cause => GradientMistake.OffByOne;

    protected override Gradient Of => Gradient.Bias;

    protected override Code<Line> Right { get; } = new((x, W, dz) =>
    {
        Tensor<double> db = dz.Row(0).Zeros();
        for (int i = 0; i < dz.Lengths[0]; i++)
        {
            db += dz.Row(i);
        }

        return db;
    });

    protected override Code<Line> Wrong { get; } = new((x, W, dz) =>
    {
        Tensor<double> db = dz.Row(0).Zeros();
        for (int i = 1; i < dz.Lengths[0]; i++)
        {
            db += dz.Row(i);
        }

        return db;
    });

    protected override bool Shows(Linear<double> layer) => true;

    protected override BugText English => new(
        "The first sample is left out",
        "The sum was first written as the first row plus all others. Then the start became 0, and the loop still began at 1.",
        "Only the bias is wrong, by the share of the first sample. The larger the batch, the less it shows.",
        "A sum that starts from 0 takes every sample: i from 0.");

    protected override BugText Korean => new(
        "첫 샘플이 빠짐",
        "처음에는 첫 행에 나머지를 더하는 식으로 썼습니다. 시작값을 0으로 바꾸면서 반복문은 1부터 그대로 두었습니다.",
        "편향만 첫 샘플의 몫만큼 틀립니다. 배치가 클수록 눈에 띄지 않습니다.",
        "0에서 시작하는 합은 모든 샘플을 더해야 합니다. i는 0부터입니다.");
}
