using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>Dropout draws a new mask on the way back.</summary>
internal sealed class MaskRedrawn : BugOfALayer
{
    private static readonly Code<Line> right = new((r, draw, da) => da * r);
    private static readonly Code<Line> wrong = new((r, draw, da) => da * draw());

    /// <summary>dx from the mask r of the forward pass, a function that draws another one, and the gradient da from above.</summary>
    private delegate Tensor<double> Line(Tensor<double> r, Func<Tensor<double>> draw, Tensor<double> da);

    public override string Name => "mask-redrawn";

    public override GradientMistake Cause => GradientMistake.NonDeterministic;

    public override bool IsRepeatable => false;

    public override BugCode Code => new("a = x · r, with r drawn at random: 0 or 1/(1 − p)", wrong.Text("dx"), right.Text("dx"));

    protected override bool Fits(Layer<double> layer) => layer is Dropout<double> { Probability: > 0 };

    protected override Layer<double> Replace(Layer<double> layer, bool mended) => new Drawn((Dropout<double>)layer, (mended ? right : wrong).Run);

    protected override Sequential<double> Sample(int inputs, int hidden, int outputs, NumPyRandom random) =>
        new(Linear(inputs, 8, random), new Dropout<double>(0.4, random) { KeepsMask = true }, Linear(8, outputs, random));

    protected override BugText English => new(
        "The mask is drawn again",
        "Forward and backward both call the function that makes a mask, and it makes another one each time.",
        "The gradient is different each time, even for the same batch and seed of the data. Training works, noisily: on average about half of the units get a gradient that is not theirs.",
        "The mask of the forward pass is part of the function that was computed. Keep it, as one keeps x.");

    protected override BugText Korean => new(
        "다시 뽑은 마스크",
        "순전파와 역전파가 모두 마스크를 만드는 함수를 부르는데, 부를 때마다 다른 마스크가 나옵니다.",
        "같은 배치라도 기울기가 매번 다릅니다. 학습은 되지만 요동치고, 많은 유닛이 자기 것이 아닌 기울기를 받습니다.",
        "순전파의 마스크는 계산한 함수의 일부입니다. x를 보관하듯 마스크도 보관합니다.");

    private sealed class Drawn(Dropout<double> layer, Line line) : BufferedLayer<double>
    {
        private readonly NumPyRandom random = new(0);
        private Tensor<double> mask = Tensor<double>.Empty;

        public override string ToString() => layer.ToString();

        protected override void Forward(ReadOnlySpan<double> input, Span<double> output)
        {
            Tensor<double> x = Tensor.Create(input.ToArray(), InputShape);
            layer.IsTraining = IsTraining;
            layer.Forward(x).AsSpan().CopyTo(output);
            mask = layer.Backward(x.Ones()).Copy();
        }

        protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient) =>
            line(mask, Draw, Tensor.Create(outputGradient.ToArray(), InputShape)).AsSpan().CopyTo(inputGradient);

        private Tensor<double> Draw() => mask.Map(_ => random.Rand() < layer.Probability ? 0 : 1 / (1 - layer.Probability));
    }
}
