using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The loss contains the size of the weights, its gradient does not.</summary>
internal sealed class WeightDecayForgotten : HandWrittenBug
{
    public override string Name => "weight-decay-forgotten";

    public override GradientMistake Cause => GradientMistake.PenaltyMissing;

    protected override Step Of => Step.W2;

    protected override double Decay => 0.01;

    protected override Code<Line> Right { get; } = new(t => t.A1.Transpose().MatMul(t.DZ2) + (t.Decay * t.W2));

    protected override Code<Line> Wrong { get; } = new(t => t.A1.Transpose().MatMul(t.DZ2));

    protected override BugText English => new(
        "Weight decay in the loss alone",
        "The penalty was added to the number that is printed, and nowhere else.",
        "Only W2 is wrong, by a hundredth of itself. The printed loss has the penalty in it, and training does nothing about it.",
        "λ/2·ΣW² is a term of the loss like any other: its derivative λ·W is added to dW.");

    protected override BugText Korean => new(
        "손실에만 있는 가중치 감쇠",
        "벌점을 화면에 찍는 손실에만 더하고 다른 곳에는 넣지 않았습니다.",
        "W2만 자신의 100분의 1만큼 틀립니다. 화면의 손실에는 벌점이 들어 있지만 학습은 그것을 줄이려 하지 않습니다.",
        "λ/2·ΣW²도 손실의 한 항입니다. 그 미분 λ·W를 dW에 더합니다.");
}
