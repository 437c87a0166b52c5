using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The way back through a GRU's candidate does not pass the reset gate.</summary>
internal sealed class ResetGateForgotten : CandidateBug
{
    public override string Name => "reset-gate-forgotten";

    public override GradientMistake Cause => GradientMistake.WrongValueUsed;

    protected override Code<Line> Wrong { get; } = new((x, p, h, da) =>
    {
        (Tensor<double> r, Tensor<double> n) = Gates(x, p);
        Tensor<double> dh = da.Copy();
        for (nint t = h.Lengths[1] - 2; t >= 0; t--)
        {
            for (nint i = 0; i < h.Lengths[0]; i++)
            {
                double dn = (1 - (n[i, t + 1] * n[i, t + 1])) * dh[i, t + 1] / 2;
                dh[i, t] += (dh[i, t + 1] / 2) + dn;
            }
        }

        return dh;
    });

    protected override BugText English => new(
        "The reset gate is forgotten",
        "The gate has a gradient of its own, and with that its work seemed done. But it also stands between the state and the candidate.",
        "The last step is right, and the further back the more is wrong: what the gate has shut out gets a gradient as if it had been let in. With an open gate nothing is seen.",
        "nₜ reads rₜ·hₜ₋₁. On the way back to hₜ₋₁ its gradient is multiplied by rₜ, on the way to rₜ by hₜ₋₁.");

    protected override BugText Korean => new(
        "리셋 게이트를 잊음",
        "게이트 자신의 기울기를 구하고는 일이 끝난 줄 알았습니다. 하지만 게이트는 상태와 후보 사이에도 서 있습니다.",
        "마지막 시점은 맞고 앞으로 갈수록 더 틀립니다. 게이트가 막은 것도 지나간 것처럼 기울기를 받습니다. 게이트가 열려 있으면 드러나지 않습니다.",
        "nₜ가 읽는 것은 rₜ·hₜ₋₁입니다. hₜ₋₁로 돌아갈 때는 rₜ를, rₜ로 돌아갈 때는 hₜ₋₁을 곱합니다.");
}
