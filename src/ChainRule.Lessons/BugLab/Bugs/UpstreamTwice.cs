using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The gradient from above is multiplied in twice.</summary>
internal sealed class UpstreamTwice : ActivationBug
{
    public override string Name => "upstream-twice";

    public override GradientMistake Cause => GradientMistake.UpstreamAppliedTwice;

    protected override Code<Line> Wrong { get; } = new((f, x, a, da) => da * da * f.Slope(x));

    protected override BugText English => new(
        "The gradient from above counts twice",
        "The caller multiplied by the gradient from above, and so did the layer.",
        "Everything below is wrong, and too small where the gradient is small. When the loss is doubled, the gradient becomes four times as large.",
        "A backward pass is linear in the gradient from above: it goes into the product once.");

    protected override BugText Korean => new(
        "위에서 온 기울기를 두 번 곱함",
        "위에서 온 기울기를 부르는 쪽에서도 곱하고 층에서도 곱했습니다.",
        "아래쪽이 모두 틀리며, 기울기가 작은 곳에서는 더욱 작아집니다. 손실을 두 배로 하면 기울기는 네 배가 됩니다.",
        "역전파는 위에서 온 기울기에 대해 선형입니다. 곱은 한 번뿐입니다.");
}
