using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The mean over the batch, where the loss has divided already.</summary>
internal sealed class BiasAveraged : LinearBug
{
    public override string Name => "bias-averaged";

    public override GradientMistake Cause => GradientMistake.AveragedInsteadOfSummed;

    protected override Gradient Of => Gradient.Bias;

    protected override Code<Line> Wrong { get; } = new((x, W, dz) => dz.SumOverBatch() / dz.Lengths[0]);

    protected override bool Shows(Linear<double> layer) => true;

    protected override BugText English => new(
        "The bias gradient as a mean",
        "Gradients should not grow with the batch, so the mean was taken. But the loss had divided by the batch already.",
        "Only the bias is wrong: too small by the size of the batch. The network learns, and its biases hardly move.",
        "The loss takes the mean, once. From there on every sum of the chain rule is a sum: db = Σ dz.");

    protected override BugText Korean => new(
        "평균을 낸 편향 기울기",
        "기울기가 배치 크기에 따라 커지면 안 된다고 생각해 평균을 냈습니다. 그러나 손실에서 이미 배치 크기로 나누었습니다.",
        "편향만 틀리며 배치 크기만큼 작습니다. 신경망은 학습하지만 편향은 거의 움직이지 않습니다.",
        "평균은 손실에서 한 번만 냅니다. 그 뒤로 연쇄 법칙의 합은 합 그대로입니다: db = Σ dz.");
}
