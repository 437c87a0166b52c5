using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>= where += belongs: the second pass before a step wipes out the first.</summary>
internal sealed class GradientOverwritten : BugOfALayer
{
    private static readonly Code<LinearWithMemory.Collect> right = new((sum, dW) => sum + dW);
    private static readonly Code<LinearWithMemory.Collect> wrong = new((sum, dW) => dW);

    public override string Name => "gradient-overwritten";

    public override GradientMistake Cause => GradientMistake.WrongAccumulation;

    public override bool IsRepeatable => false;

    public override BugCode Code => new("z = x·W + b", wrong.Text("sum"), right.Text("sum"));

    protected override bool Fits(Layer<double> layer) => layer is Linear<double>;

    protected override Layer<double> Replace(Layer<double> layer, bool mended) => new LinearWithMemory((Linear<double>)layer) { Collects = (mended ? right : wrong).Run };

    protected override BugText English => new(
        "The gradient is overwritten",
        "One backward pass, one step: with that, = and += are the same, and = needs no clearing.",
        "A single pass is right. With gradients added up over several small batches, or a layer that is used twice, only the last one counts.",
        "Gradients add up until the optimizer steps: that is the contract which lets several passes share a step.");

    protected override BugText Korean => new(
        "기울기를 덮어씀",
        "역전파 한 번에 갱신 한 번이면 =와 +=가 같고, =는 지울 필요도 없습니다.",
        "한 번만 하면 맞습니다. 작은 배치 여러 개의 기울기를 모으거나 한 층을 두 번 쓰면 마지막 것만 남습니다.",
        "기울기는 최적화기가 갱신할 때까지 더해집니다. 그래야 여러 번의 역전파가 한 번의 갱신을 나누어 쓸 수 있습니다.");
}
