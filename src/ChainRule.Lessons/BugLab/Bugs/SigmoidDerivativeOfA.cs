using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>A function that expects z is given a.</summary>
internal sealed class SigmoidDerivativeOfA : HandWrittenBug
{
    public override string Name => "sigmoid-derivative-of-a";

    public override GradientMistake Cause => GradientMistake.ActivationDerivativeMisplaced;

    protected override Step Of => Step.Z2;

    protected override Code<Line> Wrong { get; } = new(t => t.DA2 * t.A2.Map(Activation.SigmoidDerivative));

    protected override BugText English => new(
        "σ′ of the output",
        "Some programs define the sigmoid's derivative as s(1 − s) of the output, others compute it from the input. The call fits the one, the function is the other.",
        "Every gradient of the network is wrong, by another factor for each sample. σ′ of a value between 0 and 1 is always near ¼, so saturated outputs go on learning, and nothing looks broken.",
        "Either σ′(z2) with the function of the lesson, or a2(1 − a2).");

    protected override BugText Korean => new(
        "출력의 σ′",
        "시그모이드의 미분을 출력에 대한 s(1 − s)로 정의하는 프로그램도 있고 입력에서 구하는 프로그램도 있습니다. 부르는 쪽과 함수가 서로 다른 쪽을 따랐습니다.",
        "신경망의 모든 기울기가 틀리고 배율은 샘플마다 다릅니다. 0과 1 사이 값의 σ′은 늘 ¼에 가까우므로 포화된 출력도 계속 학습해 이상해 보이지 않습니다.",
        "이 수업의 함수로 σ′(z2)를 구하거나, a2(1 − a2)를 씁니다.");
}
