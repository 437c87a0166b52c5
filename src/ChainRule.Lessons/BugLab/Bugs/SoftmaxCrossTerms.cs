using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>Softmax treated as if it worked element by element.</summary>
internal sealed class SoftmaxCrossTerms : SoftmaxBug
{
    public override string Name => "softmax-cross-terms";

    public override GradientMistake Cause => GradientMistake.CrossTermsMissing;

    protected override Code<Line> Wrong { get; } = new((a, da) => da * a * (1.0 - a));

    protected override BugText English => new(
        "Softmax without its cross terms",
        "a(1 − a) is the derivative of the sigmoid, and softmax looks like its sister.",
        "Everything below the softmax is wrong, unless only one output has a gradient. The sum of a row of dx should be 0 and is not.",
        "Every output of a row depends on every input through the sum that it is divided by: dxⱼ = aⱼ(daⱼ − Σ da·a).");

    protected override BugText Korean => new(
        "교차 항이 빠진 소프트맥스",
        "a(1 − a)는 시그모이드의 미분이고, 소프트맥스는 그와 비슷해 보입니다.",
        "소프트맥스 아래쪽이 모두 틀립니다. dx의 각 행은 합이 0이어야 하는데 그렇지 않습니다.",
        "나누는 합을 통해 한 행의 모든 출력이 그 행의 모든 입력에 의존합니다: dxⱼ = aⱼ(daⱼ − Σ da·a).");
}
