using System.Numerics.Tensors;
using ChainRule.Lessons.BugLab.Planting;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Bugs;

/// <summary>A word that comes twice gets the gradient of its last place only.</summary>
internal sealed class RepeatedRowOverwritten : BugOfAFormula
{
    public override string Name => "repeated-row-overwritten";

    public override GradientMistake Cause => GradientMistake.NotSummed;

    protected override string Formula => "aᵢ = E[xᵢ], the row of E that xᵢ names";

    protected override string Result => "dE";

    protected override bool HasInputGradient => false;

    protected override Code<Line> Right { get; } = new((x, p, a, da) =>
    {
        Tensor<double> dE = p[0].Zeros();
        for (nint i = 0; i < x.FlattenedLength; i++)
        {
            for (nint j = 0; j < dE.Lengths[1]; j++)
            {
                dE[(nint)x[i], j] += da[i, j];
            }
        }

        return dE;
    });

    protected override Code<Line> Wrong { get; } = new((x, p, a, da) =>
    {
        Tensor<double> dE = p[0].Zeros();
        for (nint i = 0; i < x.FlattenedLength; i++)
        {
            for (nint j = 0; j < dE.Lengths[1]; j++)
            {
                dE[(nint)x[i], j] = da[i, j];
            }
        }

        return dE;
    });

    protected override BugText English => new(
        "A repeated row is overwritten",
        "Rows are copied out on the way forward, so gradients were copied in on the way back. In NumPy the line dE[x] += da does the same: it adds once for each row, not once for each mention.",
        "Rows that are named once are right, rows that are named several times have the gradient of their last mention. With many words and small batches it hardly shows.",
        "Every mention is a path from the row to the loss, and paths add up: dE[xᵢ] += daᵢ, one i after the other (np.add.at).");

    protected override BugText Korean => new(
        "되풀이된 행을 덮어씀",
        "순전파에서 행을 꺼내 복사하므로 역전파에서도 기울기를 복사해 넣었습니다. NumPy의 dE[x] += da도 마찬가지로, 나온 횟수만큼이 아니라 행마다 한 번만 더합니다.",
        "한 번만 나온 행은 맞고, 여러 번 나온 행에는 마지막 기울기만 남습니다. 단어가 많고 배치가 작으면 거의 드러나지 않습니다.",
        "나올 때마다 그 행에서 손실로 가는 경로가 하나씩 생기고, 경로는 더합니다: dE[xᵢ] += daᵢ를 i마다 차례로 합니다(np.add.at).");

    protected override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p)
    {
        Tensor<double> rows = Tensor.CreateFromShape<double>([x.FlattenedLength, p[0].Lengths[1]]);
        for (nint i = 0; i < x.FlattenedLength; i++)
        {
            p[0].Row((nint)x[i]).AsSpan().CopyTo(rows.AsSpan()[(int)(i * rows.Lengths[1])..]);
        }

        return rows;
    }

    protected override IReadOnlyList<Parameter<double>> Start(int inputs, NumPyRandom random) => [new("E", random.Randn(3, inputs))];

    protected override IReadOnlyList<Tensor<double>> ParameterGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => [line(x, p, a, da)];

    /// <summary>More mentions than rows: one of them is repeated.</summary>
    protected override Tensor<double> Inputs(int batch, int inputs, double scale, NumPyRandom random) =>
        Tensor.Create([.. Enumerable.Range(0, batch + 1).Select(_ => (double)random.RandInt(0, 3))], [batch + 1]);
}
