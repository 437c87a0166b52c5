using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>Below 0 a leaky ReLU still has a slope.</summary>
internal sealed class LeakySideForgotten : ActivationBug
{
    public override string Name => "leaky-side-forgotten";

    public override GradientMistake Cause => GradientMistake.ActivationDerivativeWrong;

    protected override string Forward => "a = x where x > 0, else slope·x";

    protected override Code<Line> Wrong { get; } = new((f, x, a, da) => da * x.Map(Activation.ReluDerivative));

    protected override BugText English => new(
        "The leaky side is forgotten",
        "The leaky ReLU was made from the ReLU. The forward pass got its slope below 0, the backward pass kept the 0.",
        "Only units with negative inputs are wrong: they send no gradient, and die like those of an ordinary ReLU, which the leak was to prevent.",
        "For x < 0 the slope is the leak: dx = slope · da.");

    protected override BugText Korean => new(
        "음수 쪽을 잊음",
        "ReLU를 고쳐서 leaky ReLU를 만들었는데, 순전파에는 음수 쪽 기울기를 넣고 역전파에는 0을 그대로 두었습니다.",
        "입력이 음수인 유닛만 틀립니다. 기울기를 보내지 않아 보통의 ReLU처럼 죽습니다. leaky ReLU는 바로 그것을 막으려던 것입니다.",
        "x < 0이면 기울기는 slope입니다: dx = slope · da.");

    protected override bool Fits(Layer<double> layer) => layer is LeakyReLU<double>;

    protected override Sequential<double> Sample(int inputs, int hidden, int outputs, NumPyRandom random) =>
        new(Linear(inputs, hidden, random), new LeakyReLU<double>(0.1), Linear(hidden, outputs, random));
}
