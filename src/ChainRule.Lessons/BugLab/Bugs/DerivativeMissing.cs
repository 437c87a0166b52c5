using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The activation is applied on the way forward and forgotten on the way back.</summary>
internal sealed class DerivativeMissing : ActivationBug
{
    public override string Name => "derivative-missing";

    public override GradientMistake Cause => GradientMistake.ActivationDerivativeMissing;

    protected override Code<Line> Wrong { get; } = new((f, x, a, da) => da);

    protected override BugText English => new(
        "The activation's derivative is missing",
        "The activation has no parameters, so it looked as if there were nothing to do on the way back.",
        "Everything above the activation is right, everything below it is wrong, and by another factor for every unit and sample.",
        "An activation bends the road: a small step of x moves a by f′(x). That slope is a factor of the chain rule like any other: dx = da · f′(x).");

    protected override BugText Korean => new(
        "활성화 함수의 미분 누락",
        "활성화 함수에는 매개변수가 없어서 역전파에서 할 일이 없어 보였습니다.",
        "활성화 함수 위쪽은 모두 맞고 아래쪽은 모두 틀립니다. 틀린 배율은 유닛과 샘플마다 다릅니다.",
        "x가 조금 움직이면 a는 그 f′(x)배만큼 움직입니다. 이 기울기도 연쇄 법칙의 인수이므로 곱해야 합니다. dx = da · f′(x).");
}
