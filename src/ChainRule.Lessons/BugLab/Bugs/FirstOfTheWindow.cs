using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>Max pooling hands its gradient to the first place of the window.</summary>
internal sealed class FirstOfTheWindow : BugOfAFormula
{
    public override string Name => "first-of-the-window";

    public override GradientMistake Cause => GradientMistake.PartWrong;

    protected override string Formula => "aⱼ = max(x₂ⱼ, x₂ⱼ₊₁), windows of two along each row";

    protected override string Result => "dx";

    protected override Code<Line> Right { get; } = new((x, p, a, da) =>
    {
        Tensor<double> dx = x.Zeros();
        for (nint i = 0; i < da.Lengths[0]; i++)
        {
            for (nint j = 0; j < da.Lengths[1]; j++)
            {
                dx[i, x[i, 2 * j] >= x[i, (2 * j) + 1] ? 2 * j : (2 * j) + 1] = da[i, j];
            }
        }

        return dx;
    });

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) =>
    {
        Tensor<double> dx = x.Zeros();
        for (nint i = 0; i < da.Lengths[0]; i++)
        {
            for (nint j = 0; j < da.Lengths[1]; j++)
            {
                dx[i, 2 * j] = da[i, j];
            }
        }

        return dx;
    });

    protected override BugText English => new(
        "The first of the window",
        "Forward kept the largest values and not where they stood. Backward knows where each window begins, and puts the gradient there.",
        "Where the first value is the largest the gradient is right: in windows of two by chance every other time. The network trains, slowly.",
        "The largest value alone has a path to the output: keep its place in the forward pass, or look for it again.");

    protected override BugText Korean => new(
        "창의 첫 자리",
        "순전파에서 가장 큰 값만 남기고 그 자리는 남기지 않았습니다. 역전파는 창이 시작하는 자리만 알아서 거기에 기울기를 넣습니다.",
        "첫 값이 가장 큰 창에서는 기울기가 맞습니다. 둘씩 묶은 창이라면 절반쯤 우연히 맞아서 학습이 느리게나마 됩니다.",
        "출력으로 가는 경로는 가장 큰 값에만 있습니다. 순전파에서 그 자리를 보관하거나 다시 찾습니다.");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p)
    {
        Tensor<double> a = Tensor.CreateFromShape<double>([x.Lengths[0], x.Lengths[1] / 2]);
        for (nint i = 0; i < a.Lengths[0]; i++)
        {
            for (nint j = 0; j < a.Lengths[1]; j++)
            {
                a[i, j] = Math.Max(x[i, 2 * j], x[i, (2 * j) + 1]);
            }
        }

        return a;
    }
}
