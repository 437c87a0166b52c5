using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The input is kept once, when the memory is made.</summary>
internal sealed class FirstBatchKept : BugOfALayer
{
    private static readonly Code<LinearWithMemory.Keep> right = new((kept, x) => x.Copy());
    private static readonly Code<LinearWithMemory.Keep> wrong = new((kept, x) => kept is not null && kept.Lengths.SequenceEqual(x.Lengths) ? kept : x.Copy());

    public override string Name => "first-batch-kept";

    public override GradientMistake Cause => GradientMistake.StaleCache;

    public override bool IsRepeatable => false;

    public override BugCode Code => new("z = x·W + b; x is kept", wrong.Text("kept"), right.Text("kept"));

    protected override bool Fits(Layer<double> layer) => layer is Linear<double>;

    protected override Layer<double> Replace(Layer<double> layer, bool mended) => new LinearWithMemory((Linear<double>)layer) { Keeps = (mended ? right : wrong).Run };

    protected override BugText English => new(
        "The first batch is kept for ever",
        "Memory for the input should be made once only, so the copying was put where the memory is made.",
        "The first batch is right, and with it every test that runs one. From the second on the gradient of W is that of the first inputs. The loss falls a little and stays there.",
        "Make memory once, fill it every time. And check with two different batches in a row.");

    protected override BugText Korean => new(
        "첫 배치를 계속 씀",
        "입력을 담을 메모리를 한 번만 만들려고, 복사도 메모리를 만드는 곳에 넣었습니다.",
        "첫 배치는 맞으므로 한 번만 돌리는 시험은 모두 통과합니다. 두 번째 배치부터 W의 기울기는 첫 입력의 것입니다. 손실은 조금 줄다가 멈춥니다.",
        "메모리는 한 번 만들고, 내용은 매번 채웁니다. 그리고 서로 다른 두 배치를 잇달아 검사합니다.");
}
