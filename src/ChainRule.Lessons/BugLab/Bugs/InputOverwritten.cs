using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>The activation writes its output over its input.</summary>
internal sealed class InputOverwritten : BugOfALayer
{
    private static readonly Code<ActivationInPlace.Forwards> right = new((f, x) => f.Value(x));
    private static readonly Code<ActivationInPlace.Forwards> wrong = new((f, x) => f.Value(x).WriteTo(x));

    public override string Name => "input-overwritten";

    public override GradientMistake Cause => GradientMistake.ValuesChanged;

    public override bool IsRepeatable => false;

    public override BugCode Code => new("a = f(x)", wrong.Text("a"), right.Text("a"));

    protected override bool Fits(Layer<double> layer) => layer is Sigmoid<double> or Tanh<double> or Softplus<double> or Silu<double> or Gelu<double>;

    protected override Layer<double> Replace(Layer<double> layer, bool mended) => new ActivationInPlace(layer) { GoesForward = (mended ? right : wrong).Run };

    protected override BugText English => new(
        "The input is overwritten",
        "To save memory the result was written into the array of the input.",
        "Backward finds a where x was and takes the slope there; and whoever else reads x, a shortcut or the caller's data, reads a too.",
        "An operation may work in place only if nobody needs the old value again, its own backward pass included.");

    protected override BugText Korean => new(
        "입력을 덮어씀",
        "메모리를 아끼려고 결과를 입력 배열에 썼습니다.",
        "역전파는 x가 있던 자리에서 a를 읽어 미분을 구합니다. 지름길이나 호출한 쪽의 데이터처럼 x를 읽는 다른 곳도 a를 읽게 됩니다.",
        "제자리 연산은 옛 값을 아무도, 자신의 역전파도 다시 쓰지 않을 때만 할 수 있습니다.");
}
