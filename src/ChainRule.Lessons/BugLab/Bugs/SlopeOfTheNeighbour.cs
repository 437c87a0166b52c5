using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The loop starts at 1 and forgets that the slopes start at 0.</summary>
internal sealed class SlopeOfTheNeighbour : ActivationBug
{
    public override string Name => "slope-of-the-neighbour";

    public override GradientMistake Cause => GradientMistake.OffByOne;

    protected override Code<Line> Right { get; } = new((f, x, a, da) =>
    {
        Tensor<double> dx = da.Zeros(), slopes = f.Slope(x);
        for (int i = 0; i < dx.FlattenedLength; i++)
        {
            dx.AsSpan()[i] = da.AsSpan()[i] * slopes.AsSpan()[i];
        }

        return dx;
    });

    protected override Code<Line> Wrong { get; } = new((f, x, a, da) =>
    {
        Tensor<double> dx = da.Zeros(), slopes = f.Slope(x);
        for (int i = 1; i < dx.FlattenedLength; i++)
        {
            dx.AsSpan()[i] = da.AsSpan()[i] * slopes.AsSpan()[i - 1];
        }

        return dx;
    });

    protected override BugText English => new(
        "The slope of the neighbour",
        "The loop was moved from counting from 1 to counting from 0, and one of two indices was forgotten.",
        "Everything below the activation is wrong: every gradient meets the slope of the entry before it.",
        "The slope, the value and the gradient of a unit have the same index. Better: one operation on whole arrays, without an index.");

    protected override BugText Korean => new(
        "이웃의 기울기",
        "1부터 세던 반복문을 0부터 세도록 고치면서 색인 하나를 빠뜨렸습니다.",
        "활성화 함수 아래쪽이 모두 틀립니다. 기울기마다 바로 앞 원소의 미분이 곱해집니다.",
        "한 유닛의 미분과 값과 기울기는 색인이 같습니다. 색인 없이 배열 전체를 한 번에 계산하는 편이 낫습니다.");

    protected override bool Fits(Layer<double> layer) => layer is Sigmoid<double> or Tanh<double> or Softplus<double> or Silu<double> or Gelu<double>;
}
