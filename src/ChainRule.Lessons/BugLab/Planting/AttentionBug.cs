using System.Numerics.Tensors;
using ChainRule.Random;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A mistake in the way back through attention: from the shares P to the scores S.</summary>
/// <remarks>P = softmax(S), S = (x·W)·xᵀ/√d, a = P·x for each sequence x of some steps and d = 3 numbers a step. A causal one takes scores of later steps for −∞.</remarks>
internal abstract class AttentionBug : BugOfAFormula
{
    private const int Width = 3;

    /// <summary>√d.</summary>
    protected static readonly double RootOfWidth = Math.Sqrt(Width);

    /// <summary>Whether a step sees only itself and those before.</summary>
    protected virtual bool IsCausal => false;

    protected sealed override string Formula => $"a = P·x, with P = softmax(S), S = (x·W)·xᵀ/√d{(IsCausal ? ", and −∞ for the steps that follow" : "")}";

    protected sealed override string Result => "dS";

    /// <summary>dS · √d from x, W, P and dP; both x·W and xᵀ, which S is the product of, take it.</summary>
    protected sealed override Code<Line> Right { get; } = new((x, w, P, dP) => P * (dP - (dP * P).SumOfEachRow()) / RootOfWidth);

    protected sealed override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) => OfEach(x, (_, s) => Shares(s, p[0]).MatMul(s));

    protected sealed override IReadOnlyList<Parameter<double>> Start(int inputs, NumPyRandom random) => [new("W", random.Randn(Width, Width) / RootOfWidth)];

    protected sealed override Tensor<double> Inputs(int batch, int inputs, double scale, NumPyRandom random) => scale * random.Randn(batch, inputs, Width);

    protected sealed override IReadOnlyList<Tensor<double>> ParameterGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line)
    {
        Tensor<double> sum = p[0].Zeros();
        for (int n = 0; n < x.Lengths[0]; n++)
        {
            Tensor<double> s = Sequence(x, n);
            sum += s.Transpose().MatMul(OfScores(s, p, Sequence(da, n), line).MatMul(s));
        }

        return [sum];
    }

    protected sealed override Tensor<double> InputGradient(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => OfEach(x, (n, s) =>
    {
        Tensor<double> above = Sequence(da, n);
        Tensor<double> dS = OfScores(s, p, above, line);
        return dS.MatMul(s).MatMul(p[0].Transpose()) + dS.Transpose().MatMul(s.MatMul(p[0])) + Shares(s, p[0]).Transpose().MatMul(above);
    });

    private Tensor<double> OfScores(Tensor<double> s, Tensor<double>[] p, Tensor<double> above, Line line) => line(s, p, Shares(s, p[0]), above.MatMul(s.Transpose()));

    private Tensor<double> Shares(Tensor<double> s, Tensor<double> w)
    {
        Tensor<double> scores = (s.MatMul(w).MatMul(s.Transpose()) / RootOfWidth).Copy();
        for (nint i = 0; IsCausal && i < scores.Lengths[0]; i++)
        {
            for (nint j = i + 1; j < scores.Lengths[1]; j++)
            {
                scores[i, j] = double.NegativeInfinity;
            }
        }

        return scores.Softmax();
    }

    private static Tensor<double> Sequence(Tensor<double> x, int n)
    {
        int size = (int)(x.Lengths[1] * x.Lengths[2]);
        return Tensor.Create(x.Copy().AsSpan().Slice(n * size, size).ToArray(), [x.Lengths[1], x.Lengths[2]]);
    }

    private static Tensor<double> OfEach(Tensor<double> x, Func<int, Tensor<double>, Tensor<double>> function) =>
        Tensor.Create([.. Enumerable.Range(0, (int)x.Lengths[0]).SelectMany(n => function(n, Sequence(x, n)))], x.Lengths);
}
