using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The local slope is returned, and the gradient from above is forgotten.</summary>
internal sealed class UpstreamDropped : ActivationBug
{
    public override string Name => "upstream-dropped";

    public override GradientMistake Cause => GradientMistake.UpstreamDropped;

    protected override Code<Line> Wrong { get; } = new((f, x, a, da) => f.Slope(x));

    protected override BugText English => new(
        "The gradient from above is dropped",
        "The derivative of the activation is right, and it is returned just so. A well-known Java library had this in its ReLU for years.",
        "Everything below the activation is wrong, and stays the same whatever the loss is. A network of one layer hides it, because there is nothing below.",
        "The chain rule multiplies: what comes from above times the slope on the spot, dx = da · f′(x).");

    protected override BugText Korean => new(
        "위에서 온 기울기를 버림",
        "활성화 함수의 미분은 맞지만 그것만 돌려줍니다. 잘 알려진 Java 라이브러리의 ReLU에 오랫동안 있던 실수입니다.",
        "활성화 함수 아래쪽이 모두 틀리고, 손실이 무엇이든 값이 같습니다. 층이 하나뿐이면 아래쪽이 없어 드러나지 않습니다.",
        "연쇄 법칙은 곱셈입니다. 위에서 온 기울기에 그 자리의 미분을 곱합니다. dx = da · f′(x).");
}
