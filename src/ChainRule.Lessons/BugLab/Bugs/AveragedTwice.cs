using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>Divided by the batch in the loss, and again in the layer.</summary>
internal sealed class AveragedTwice : LinearBug
{
    public override string Name => "averaged-twice";

    public override GradientMistake Cause => GradientMistake.AveragedInsteadOfSummed;

    protected override Gradient Of => Gradient.Weight;

    protected override Code<Line> Wrong { get; } = new((x, W, dz) => x.Transpose().MatMul(dz) / x.Lengths[0]);

    protected override bool Shows(Linear<double> layer) => true;

    protected override BugText English => new(
        "The mean, taken twice",
        "One textbook divides in the loss, another in the layer. The code follows both.",
        "Only the weights are wrong: too small by the size of the batch. The larger the batch, the slower the training.",
        "The 1/m of the loss is in dz already. The matrix product sums over the samples, and that is all.");

    protected override BugText Korean => new(
        "두 번 낸 평균",
        "어떤 책은 손실에서 나누고 어떤 책은 층에서 나눕니다. 이 코드는 둘 다 따랐습니다.",
        "가중치만 틀리며 배치 크기만큼 작습니다. 배치가 클수록 학습이 느려집니다.",
        "손실의 1/m은 이미 dz에 들어 있습니다. 행렬 곱이 샘플에 대해 더하면 그것으로 끝입니다.");
}
