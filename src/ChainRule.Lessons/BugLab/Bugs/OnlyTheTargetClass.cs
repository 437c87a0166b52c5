using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The class that was meant gets its slope, the others get none.</summary>
internal sealed class OnlyTheTargetClass : LossBug
{
    public override string Name => "only-the-target-class";

    public override GradientMistake Cause => GradientMistake.CrossTermsMissing;

    protected override string Forward => "L = −mean(Σ y·log softmax(z)), with z = p";

    protected override Code<Line> Right { get; } = new((p, y) => (p.Softmax() - y) / p.Lengths[0]);

    protected override Code<Line> Wrong { get; } = new((p, y) => (p.Softmax() - y) * y / p.Lengths[0]);

    protected override BugText English => new(
        "Only the class that was meant",
        "In the loss only the logarithm of the right class is left, so it looked as if only its score mattered.",
        "The scores of the other classes have the gradient 0. The right score is pushed up, the wrong ones are never pushed down.",
        "The softmax divides by a sum over all scores, so every score moves the probability of the right class: dz = (softmax(z) − y)/m for all of them.");

    protected override BugText Korean => new(
        "정답 클래스만 계산함",
        "손실에는 정답 클래스의 로그만 남으므로 정답의 점수만 중요해 보였습니다.",
        "다른 클래스의 점수는 기울기가 0입니다. 정답 점수는 올라가지만 오답 점수는 내려가지 않습니다.",
        "소프트맥스는 모든 점수의 합으로 나누므로 어느 점수든 정답의 확률을 바꿉니다. 모든 점수에 대해 dz = (softmax(z) − y)/m입니다.");

    protected override bool Fits(Loss<double> loss) => loss is SoftmaxCrossEntropy<double>;

    protected override Loss<double> NewLoss() => new SoftmaxCrossEntropy<double>();

    protected override Tensor<double> Targets(int batch, int outputs, NumPyRandom random) =>
        Tensor.Create([.. Enumerable.Range(0, batch).Select(_ => (double)random.RandInt(0, outputs))], [batch]);
}
