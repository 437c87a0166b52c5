using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Losses;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>Target minus prediction, where the derivative wants prediction minus target.</summary>
internal sealed class DifferenceTurned : LossBug
{
    public override string Name => "difference-turned";

    public override GradientMistake Cause => GradientMistake.SignTurned;

    protected override string Forward => "L = mean((p − y)²)";

    protected override Code<Line> Right { get; } = new((p, y) => 2.0 * (p - y) / p.FlattenedLength);

    protected override Code<Line> Wrong { get; } = new((p, y) => 2.0 * (y - p) / p.FlattenedLength);

    protected override BugText English => new(
        "The difference is turned round",
        "In the square it makes no difference which of the two is subtracted. In the derivative it does.",
        "Every gradient of the network has the wrong sign: a step against it climbs, and the loss grows from the first step on.",
        "L depends on p, and ∂(p − y)/∂p = 1: the difference keeps the order prediction minus target.");

    protected override BugText Korean => new(
        "뺄셈의 순서가 뒤바뀜",
        "제곱에서는 무엇에서 무엇을 빼든 같지만, 미분에서는 다릅니다.",
        "신경망의 모든 기울기가 부호가 반대입니다. 기울기의 반대 방향으로 가면 오히려 올라가므로 첫 단계부터 손실이 커집니다.",
        "L은 p의 함수이고 ∂(p − y)/∂p = 1입니다. 예측에서 정답을 빼는 순서를 지켜야 합니다.");

    protected override bool Fits(Loss<double> loss) => loss is MeanSquaredError<double>;

    protected override Loss<double> NewLoss() => new MeanSquaredError<double>();
}
