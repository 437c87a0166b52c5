using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>From da1 straight on to dW1.</summary>
internal sealed class DerivativeForgottenByHand : HandWrittenBug
{
    public override string Name => "derivative-forgotten-by-hand";

    public override GradientMistake Cause => GradientMistake.ActivationDerivativeMissing;

    protected override Step Of => Step.Z1;

    protected override Code<Line> Wrong { get; } = new(t => t.DA1);

    protected override BugText English => new(
        "From a1 to W1 in one step",
        "The line for the hidden activation was left out, and the shapes did not object.",
        "The upper layer is right, the lower one wrong: W1 and b1 together, by another factor for each unit.",
        "Every line of the forward pass has its line in the backward pass, a1 = tanh(z1) too: dz1 = da1 · tanh′(z1).");

    protected override BugText Korean => new(
        "a1에서 W1로 바로 감",
        "은닉층 활성화 함수의 줄이 빠졌지만 형상은 맞아서 오류가 나지 않았습니다.",
        "위층은 맞고 아래층은 W1과 b1이 함께 틀립니다. 배율은 유닛마다 다릅니다.",
        "순전파의 모든 줄은 역전파에 짝이 있습니다. a1 = tanh(z1)도 마찬가지입니다: dz1 = da1 · tanh′(z1).");
}
