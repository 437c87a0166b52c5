using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>b was added to every sample, but only the last sample's slope comes back.</summary>
internal sealed class BiasNotSummed : LinearBug
{
    public override string Name => "bias-not-summed";

    public override GradientMistake Cause => GradientMistake.NotSummed;

    protected override Gradient Of => Gradient.Bias;

    protected override Code<Line> Wrong { get; } = new((x, W, dz) => dz.Row(dz.Lengths[0] - 1));

    protected override BugText English => new(
        "The bias gradient of one sample",
        "The gradient was worked out for one sample, where db = dz. Then batches came, and the assignment stayed: every sample overwrites the one before.",
        "Only the bias is wrong, and its gradient is the one of the last sample. With a batch of 1 all is right.",
        "b is added to every sample, so every sample has a path to it. The chain rule adds up over all paths: db = Σ dz over the batch.");

    protected override BugText Korean => new(
        "샘플 하나만의 편향 기울기",
        "샘플 하나로 식을 세우면 db = dz입니다. 나중에 배치를 쓰게 되었지만 대입문은 그대로 남아, 각 샘플이 앞 샘플의 값을 덮어씁니다.",
        "편향만 틀리고, 그 기울기는 마지막 샘플의 것입니다. 배치 크기가 1이면 모두 맞습니다.",
        "b는 모든 샘플에 더해지므로 샘플마다 b로 이어지는 경로가 하나씩 있습니다. 연쇄 법칙은 모든 경로를 더합니다. db = Σ dz(배치에 대한 합).");
}
