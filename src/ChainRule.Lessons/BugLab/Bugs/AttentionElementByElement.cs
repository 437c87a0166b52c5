using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The softmax of attention is differentiated as if its outputs did not depend on each other.</summary>
internal sealed class AttentionElementByElement : AttentionBug
{
    public override string Name => "attention-element-by-element";

    public override GradientMistake Cause => GradientMistake.CrossTermsMissing;

    protected override Code<Line> Wrong { get; } = new((x, w, P, dP) => dP * P * (P.Ones() - P) / RootOfWidth);

    protected override BugText English => new(
        "Attention element by element",
        "p·(1 − p) is the derivative of a sigmoid, and of a softmax's output by its own score. The shares of a row have the sum 1, so each score moves all of them.",
        "The rows of dS do not have the sum 0. Only what is above the attention is right.",
        "The cross terms of the row belong to it: dS = P ∘ (dP − Σ dP·P)/√d.");

    protected override BugText Korean => new(
        "어텐션을 원소별로 미분함",
        "p·(1 − p)는 시그모이드의 미분이고, 소프트맥스에서는 출력을 제 점수로 미분한 것뿐입니다. 한 행의 몫은 합이 1이므로 점수 하나가 모든 몫을 움직입니다.",
        "dS의 행의 합이 0이 되지 않습니다. 어텐션 위쪽만 맞습니다.",
        "행의 교차항까지 더합니다: dS = P ∘ (dP − Σ dP·P)/√d.");
}
