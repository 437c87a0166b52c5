using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>Nobody computes the gradient of the bias.</summary>
internal sealed class BiasForgotten : LinearBug
{
    public override string Name => "bias-forgotten";

    public override GradientMistake Cause => GradientMistake.NeverReached;

    protected override Gradient Of => Gradient.Bias;

    protected override Code<Line> Wrong { get; } = new((x, W, dz) => dz.Row(0).Zeros());

    protected override bool Shows(Linear<double> layer) => true;

    protected override BugText English => new(
        "The bias is never reached",
        "The bias starts at 0 and so does its gradient, and nobody missed it.",
        "The gradient of the bias is 0 in every step. The network learns what can be learnt without it: lines through the origin.",
        "Every parameter of the forward pass has a line in the backward pass: db = Σ dz.");

    protected override BugText Korean => new(
        "편향에 닿지 않음",
        "편향은 0에서 시작하고 그 기울기도 0에서 시작하므로 아무도 눈치채지 못했습니다.",
        "편향의 기울기가 언제나 0입니다. 편향 없이 배울 수 있는 것, 곧 원점을 지나는 직선만 배웁니다.",
        "순전파의 모든 매개변수는 역전파에 자기 줄이 있어야 합니다: db = Σ dz.");
}
