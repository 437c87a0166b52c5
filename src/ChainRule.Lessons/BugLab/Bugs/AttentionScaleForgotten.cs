using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The division by √d is left out on the way back.</summary>
internal sealed class AttentionScaleForgotten : AttentionBug
{
    public override string Name => "attention-scale-forgotten";

    public override GradientMistake Cause => GradientMistake.ConstantFactor;

    protected override Code<Line> Wrong { get; } = new((x, w, P, dP) => P * (dP - (dP * P).SumOfEachRow()));

    protected override BugText English => new(
        "The scale of attention is forgotten",
        "The division by √d stands inside the softmax's argument, and backward went straight from the softmax to the product.",
        "The gradient of the weight that makes the queries is √d times too large. Training goes on as with a larger learning rate, and wide heads suffer most.",
        "A factor of the forward pass is a factor of the backward pass: dS is divided by √d too.");

    protected override BugText Korean => new(
        "어텐션의 배율을 잊음",
        "√d로 나누는 일은 소프트맥스의 인수 안에 있는데, 역전파는 소프트맥스에서 곧바로 곱셈으로 넘어갔습니다.",
        "쿼리를 만드는 가중치의 기울기가 √d배 커집니다. 학습률을 키운 듯이 학습되고, 넓은 헤드일수록 더 나빠집니다.",
        "순전파의 상수는 역전파에서도 곱해집니다. dS도 √d로 나눕니다.");
}
