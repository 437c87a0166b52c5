using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The memory of dx is used again and never cleared.</summary>
internal sealed class InputGradientGrows : BugOfALayer
{
    private static readonly Code<LinearWithMemory.Down> right = new((dx, dz, W) => dz.MatMul(W.Transpose()));
    private static readonly Code<LinearWithMemory.Down> wrong = new((dx, dz, W) => dx.Lengths.SequenceEqual([dz.Lengths[0], W.Lengths[0]]) ? dx + dz.MatMul(W.Transpose()) : dz.MatMul(W.Transpose()));

    public override string Name => "input-gradient-grows";

    public override GradientMistake Cause => GradientMistake.WrongAccumulation;

    public override bool IsRepeatable => false;

    public override BugCode Code => new("z = x·W + b", wrong.Text("dx"), right.Text("dx"));

    protected override bool Fits(Layer<double> layer) => layer is Linear<double>;

    protected override Layer<double> Replace(Layer<double> layer, bool mended) => new LinearWithMemory((Linear<double>)layer) { HandsDown = (mended ? right : wrong).Run };

    protected override BugText English => new(
        "The gradient of the input grows",
        "Parameters add up their gradients, and the same helper was used for the input.",
        "The first pass is right. Each further one adds what all before it handed down, and everything below learns from old batches too.",
        "Only parameters outlive a pass. The gradient of an input belongs to one pass: it is written, not added to.");

    protected override BugText Korean => new(
        "커지는 입력 기울기",
        "매개변수의 기울기를 더하는 함수를 입력의 기울기에도 썼습니다.",
        "첫 번째는 맞습니다. 그 뒤로는 앞서 넘긴 기울기가 계속 더해져, 아래쪽은 지난 배치에서도 배웁니다.",
        "한 번의 역전파를 넘어 남는 것은 매개변수뿐입니다. 입력의 기울기는 더하지 않고 새로 씁니다.");
}
