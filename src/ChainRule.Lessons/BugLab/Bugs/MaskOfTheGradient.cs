using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The mask is made from the gradient, where it belongs to the input.</summary>
internal sealed class MaskOfTheGradient : ActivationBug
{
    public override string Name => "mask-of-the-gradient";

    public override GradientMistake Cause => GradientMistake.ActivationDerivativeMisplaced;

    protected override string Forward => "a = max(0, x)";

    protected override Code<Line> Wrong { get; } = new((f, x, a, da) => da * da.Map(Activation.ReluDerivative));

    protected override BugText English => new(
        "The mask of the gradient",
        "In the backward pass the variable x held the gradient, and the line looked the same as before: where x > 0.",
        "Everything below is wrong: negative gradients are cut off, and units that were off in the forward pass get a gradient. Weights only ever move one way.",
        "A ReLU lets the gradient through where it let the value through: the mask is x > 0, with the x of the forward pass.");

    protected override BugText Korean => new(
        "기울기로 만든 마스크",
        "역전파에서는 변수 x에 기울기가 들어 있었는데, 코드는 그대로 x > 0이었습니다.",
        "아래쪽이 모두 틀립니다. 음수인 기울기는 잘리고, 순전파에서 꺼져 있던 유닛이 기울기를 받습니다. 가중치는 한쪽으로만 움직입니다.",
        "ReLU는 값을 통과시킨 곳에서 기울기도 통과시킵니다. 마스크는 순전파의 x로 만듭니다: x > 0.");

    protected override bool Fits(Layer<double> layer) => layer is ReLU<double>;

    protected override Sequential<double> Sample(int inputs, int hidden, int outputs, NumPyRandom random) =>
        new(Linear(inputs, hidden, random), new ReLU<double>(), Linear(hidden, outputs, random));
}
