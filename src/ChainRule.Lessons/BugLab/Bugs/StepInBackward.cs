using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The layer takes its step before it hands the gradient down.</summary>
internal sealed class StepInBackward : BugOfALayer
{
    private static readonly Code<LinearWithMemory.Move> right = new((W, dW) => W);
    private static readonly Code<LinearWithMemory.Move> wrong = new((W, dW) => W - (0.1 * dW));

    public override string Name => "step-in-backward";

    public override GradientMistake Cause => GradientMistake.ValuesChanged;

    public override bool IsRepeatable => false;

    public override BugCode Code => new("z = x·W + b", wrong.Text("W"), right.Text("W"));

    protected override bool Fits(Layer<double> layer) => layer is Linear<double>;

    protected override Layer<double> Replace(Layer<double> layer, bool mended) => new LinearWithMemory((Linear<double>)layer) { Moves = (mended ? right : wrong).Run };

    protected override BugText English => new(
        "The step comes too early",
        "The gradient of W is known, so W was updated at once, and there was no need to keep the gradient.",
        "What the layer hands down is computed with the new W, so everything below is wrong by the size of a step. The smaller the learning rate, the less it shows.",
        "Backward reads the values of the forward pass and changes none of them. The optimizer steps when the whole way back is done.");

    protected override BugText Korean => new(
        "너무 이른 갱신",
        "W의 기울기를 구했으니 바로 W를 갱신했고, 기울기를 보관할 필요도 없었습니다.",
        "아래로 넘기는 기울기를 새 W로 계산하므로 아래쪽이 모두 한 걸음만큼 틀립니다. 학습률이 작을수록 눈에 띄지 않습니다.",
        "역전파는 순전파의 값을 읽기만 하고 바꾸지 않습니다. 갱신은 역전파가 모두 끝난 뒤 최적화기가 합니다.");
}
