using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Losses;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The loss is a mean, its gradient that of a sum.</summary>
internal sealed class MeanForgotten : LossBug
{
    public override string Name => "mean-forgotten";

    public override GradientMistake Cause => GradientMistake.SummedInsteadOfAveraged;

    protected override string Forward => "L = mean((p − y)²)";

    protected override Code<Line> Right { get; } = new((p, y) => 2.0 * (p - y) / p.FlattenedLength);

    protected override Code<Line> Wrong { get; } = new((p, y) => 2.0 * (p - y));

    protected override BugText English => new(
        "The mean is forgotten",
        "The derivative of a square is quickly written down. That the loss divides by the number of values was forgotten on the way back.",
        "Every gradient of the network is wrong by the same factor, and that factor grows with the batch. Training with a small learning rate seems to work, until the batch size is changed.",
        "L = 1/N · Σ (p − y)²: each value has an Nth of a share in the loss, so its slope has the factor 1/N too.");

    protected override BugText Korean => new(
        "평균을 잊음",
        "제곱의 미분은 금방 쓸 수 있지만, 손실에서 값의 개수로 나눈다는 것을 역전파에서 잊었습니다.",
        "신경망의 모든 기울기가 같은 배율로 틀리고, 그 배율은 배치가 클수록 커집니다. 학습률이 작으면 잘 되는 것처럼 보이다가 배치 크기를 바꾸면 무너집니다.",
        "L = 1/N · Σ (p − y)²에서 각 값의 몫은 N분의 1입니다. 따라서 기울기에도 1/N이 곱해집니다.");

    protected override bool Fits(Loss<double> loss) => loss is MeanSquaredError<double>;

    protected override Loss<double> NewLoss() => new MeanSquaredError<double>();
}
