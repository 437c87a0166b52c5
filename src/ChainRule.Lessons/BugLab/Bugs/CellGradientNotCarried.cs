using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The gradient of an LSTM's cell ends at its own step.</summary>
internal sealed class CellGradientNotCarried : CellBug
{
    public override string Name => "cell-gradient-not-carried";

    public override GradientMistake Cause => GradientMistake.CrossTermsMissing;

    protected override Code<Line> Wrong { get; } = new((x, p, c, da) =>
    {
        Tensor<double> dc = c.Zeros();
        for (nint t = c.Lengths[1] - 1; t >= 0; t--)
        {
            for (nint i = 0; i < c.Lengths[0]; i++)
            {
                dc[i, t] = da[i, t] * TanhSlope(c[i, t]);
            }
        }

        return dc;
    });

    protected override BugText English => new(
        "The cell's gradient is not carried",
        "The state has its line back to the step before, and the cell, which no other layer ever sees, was forgotten.",
        "The last step is right and all that came before is wrong: the network learns what happened a moment ago, and nothing older. With sequences of one step every test passes.",
        "cₜ reaches the loss on two roads: over aₜ and over cₜ₊₁. The second one carries fₜ₊₁·dcₜ₊₁ back: it is what the cell is for.");

    protected override BugText Korean => new(
        "셀의 기울기가 전해지지 않음",
        "출력에서 돌아오는 줄은 있지만, 다른 층에서 보이지 않는 셀의 줄은 빠뜨렸습니다.",
        "마지막 시점은 맞고 그 앞은 모두 틀립니다. 방금 일어난 일만 배우고 오래된 일은 배우지 못합니다. 길이가 1인 시퀀스로는 모든 테스트를 통과합니다.",
        "cₜ는 aₜ를 거쳐, 그리고 cₜ₊₁을 거쳐 손실에 닿습니다. 두 번째 길이 fₜ₊₁·dcₜ₊₁을 뒤로 나르며, 셀은 바로 그것을 위해 있습니다.");
}
