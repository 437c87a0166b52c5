using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The shares of causal attention are computed anew on the way back, and see the future there.</summary>
internal sealed class MaskForgotten : AttentionBug
{
    public override string Name => "mask-forgotten";

    public override GradientMistake Cause => GradientMistake.WrongValueUsed;

    protected override bool IsCausal => true;

    protected override Code<Line> Wrong { get; } = new((x, w, P, dP) =>
    {
        Tensor<double> again = (x.MatMul(w[0]).MatMul(x.Transpose()) / RootOfWidth).Softmax();
        return again * (dP - (dP * again).SumOfEachRow()) / RootOfWidth;
    });

    protected override BugText English => new(
        "The mask is forgotten",
        "To save memory the backward pass computes the shares anew from the scores. The mask, which hides later steps from earlier ones, stands in the forward pass alone.",
        "Scores that no output depends on get a gradient, and those of the first steps are the worst. The loss falls all the same, only more slowly.",
        "What is computed again must be computed alike: a score that was masked has the share 0, and so the gradient 0.");

    protected override BugText Korean => new(
        "마스크를 잊음",
        "메모리를 아끼려고 역전파에서 점수로부터 몫을 다시 계산합니다. 그런데 뒤의 시점을 앞의 시점에게서 가리는 마스크는 순전파에만 있습니다.",
        "어떤 출력과도 관계없는 점수가 기울기를 받으며, 앞쪽 시점일수록 더 틀립니다. 그래도 손실은 줄어듭니다. 다만 더 느립니다.",
        "다시 계산할 때는 똑같이 계산해야 합니다. 가려진 점수는 몫이 0이고, 따라서 기울기도 0입니다.");
}
