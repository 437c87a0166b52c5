using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>z1 in the place of a1: the activation is skipped on the way back.</summary>
internal sealed class PreactivationUsed : HandWrittenBug
{
    public override string Name => "preactivation-used";

    public override GradientMistake Cause => GradientMistake.WrongValueUsed;

    protected override Step Of => Step.W2;

    protected override Code<Line> Wrong { get; } = new(t => t.Z1.Transpose().MatMul(t.DZ2));

    protected override BugText English => new(
        "z where a belongs",
        "Both arrays have the same shape and almost the same name.",
        "Only W2 is wrong, all below it is right. The nearer the activation is to a straight line, the less it shows.",
        "W2 was multiplied with a1, so a1 comes back: dW2 = a1ᵀ·dz2.");

    protected override BugText Korean => new(
        "a 자리에 z를 씀",
        "두 배열은 형상이 같고 이름도 거의 같습니다.",
        "W2만 틀리고 그 아래는 모두 맞습니다. 활성화 함수가 직선에 가까울수록 눈에 띄지 않습니다.",
        "W2는 a1과 곱해졌으므로 a1이 돌아옵니다: dW2 = a1ᵀ·dz2.");
}
