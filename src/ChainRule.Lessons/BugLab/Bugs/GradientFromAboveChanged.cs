using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>dx is written over da, which others still read.</summary>
internal sealed class GradientFromAboveChanged : BugOfALayer
{
    private static readonly Code<ActivationInPlace.Back> right = new((f, x, da) => da * f.Slope(x));
    private static readonly Code<ActivationInPlace.Back> wrong = new((f, x, da) => (da * f.Slope(x)).WriteTo(da));

    public override string Name => "gradient-from-above-changed";

    public override GradientMistake Cause => GradientMistake.ValuesChanged;

    public override bool IsRepeatable => false;

    public override BugCode Code => new("a = f(x)", wrong.Text("dx"), right.Text("dx"));

    protected override bool Fits(Layer<double> layer) => layer is Sigmoid<double> or Tanh<double> or Softplus<double> or Silu<double> or Gelu<double>;

    protected override Layer<double> Replace(Layer<double> layer, bool mended) => new ActivationInPlace(layer) { GoesBack = (mended ? right : wrong).Run };

    protected override BugText English => new(
        "The gradient from above is changed",
        "dx has the shape of da, and da seemed to be done with.",
        "In a chain of layers all is right. Where a sum has two branches, both get the same array, and the second branch reads what the first has made of it.",
        "The gradient from above belongs to the layer above. Write into memory of your own.");

    protected override BugText Korean => new(
        "위에서 온 기울기를 바꿈",
        "dx는 da와 형상이 같고, da는 더 쓸 일이 없어 보였습니다.",
        "층이 한 줄로 이어지면 모두 맞습니다. 덧셈에서 두 갈래로 갈라지면 두 가지가 같은 배열을 받으므로, 두 번째 가지는 첫 번째가 바꾼 값을 읽습니다.",
        "위에서 온 기울기는 위층의 것입니다. 자기 메모리에 씁니다.");
}
