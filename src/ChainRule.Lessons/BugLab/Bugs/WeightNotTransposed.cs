using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>W is read row by row where its transpose belongs.</summary>
internal sealed class WeightNotTransposed : LinearBug
{
    public override string Name => "weight-not-transposed";

    public override GradientMistake Cause => GradientMistake.Transposed;

    protected override Gradient Of => Gradient.Input;

    protected override Code<Line> Wrong { get; } = new((x, W, dz) => dz.MatMul(W.Reshape([W.Lengths[1], W.Lengths[0]])));

    protected override BugText English => new(
        "W is not transposed",
        "The shapes did not fit, so W was given the shape that fits.",
        "The layer's own gradients are right, everything below it is wrong. With a square W not even the reshape is needed to make the mistake.",
        "On the way forward input k reaches output j over Wₖⱼ; on the way back the same weight leads from j to k: dx = dz·Wᵀ.");

    protected override BugText Korean => new(
        "W를 전치하지 않음",
        "형상이 맞지 않아 W의 형상을 맞는 것으로 바꾸었습니다.",
        "이 층의 기울기는 맞고 아래쪽이 모두 틀립니다. W가 정사각형이면 reshape 없이도 이 실수를 할 수 있습니다.",
        "순전파에서 입력 k는 Wₖⱼ를 거쳐 출력 j로 가고, 역전파에서는 같은 가중치를 거쳐 j에서 k로 돌아옵니다: dx = dz·Wᵀ.");
}
