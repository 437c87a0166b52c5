using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The sum of the cross terms runs over all rows.</summary>
internal sealed class SoftmaxSumOverTheBatch : SoftmaxBug
{
    public override string Name => "softmax-sum-over-the-batch";

    public override GradientMistake Cause => GradientMistake.SamplesMixed;

    protected override Code<Line> Wrong { get; } = new((a, da) => a * (da - (da * a).Sum()));

    protected override BugText English => new(
        "A sum over too much",
        "Sum without an axis adds up everything. With one sample that was the same.",
        "The gradient of one sample depends on the others in its batch, which it has nothing to do with. With a batch of 1 all is right.",
        "The cross terms of a sample are a sum over its own row: one number for each row.");

    protected override BugText Korean => new(
        "너무 넓은 합",
        "축을 지정하지 않은 합은 모두 더합니다. 샘플이 하나일 때는 차이가 없었습니다.",
        "한 샘플의 기울기가 아무 관계없는 다른 샘플에 따라 달라집니다. 배치 크기가 1이면 모두 맞습니다.",
        "교차 항은 자기 행에 대한 합입니다. 행마다 숫자가 하나씩 있습니다.");
}
