using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The product came out in the shape of Wᵀ, and a reshape made the error message go away.</summary>
internal sealed class WeightGradientReshaped : LinearBug
{
    public override string Name => "weight-gradient-reshaped";

    public override GradientMistake Cause => GradientMistake.Transposed;

    protected override Gradient Of => Gradient.Weight;

    protected override Code<Line> Wrong { get; } = new((x, W, dz) => dz.Transpose().MatMul(x).Reshape(W.Lengths));

    protected override BugText English => new(
        "A reshape in place of a transpose",
        "dzᵀ·x has the shape of Wᵀ, and the next line complained. A reshape makes the shape right, and leaves the numbers in the old order.",
        "Only the weight is wrong. Its gradient holds the right numbers in the wrong places; only its first and last are where they belong.",
        "Write the product in the order that gives the shape of W by itself: dW = xᵀ·dz. A reshape never swaps rows and columns.");

    protected override BugText Korean => new(
        "전치 대신 reshape",
        "dzᵀ·x의 형상은 Wᵀ와 같아서 다음 줄에서 오류가 났습니다. reshape를 하면 형상은 맞지만 숫자는 원래 순서 그대로입니다.",
        "가중치만 틀립니다. 기울기의 숫자는 맞지만 자리가 틀렸고, 처음과 마지막 원소만 제자리에 있습니다.",
        "처음부터 W의 형상이 나오는 순서로 곱합니다. dW = xᵀ·dz. reshape는 행과 열을 바꾸지 않습니다.");
}
