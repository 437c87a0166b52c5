using System.Numerics.Tensors;
using ChainRule.Verification;

namespace ChainRule.Tests.Verification;

/// <summary>A piece of a network that a test writes down: a function of the parameter w and the input x, and what its backward pass claims.</summary>
/// <param name="x">The input, the batch first.</param>
/// <param name="w">The parameter; null where there is none.</param>
/// <param name="function">The outputs for (w, x).</param>
/// <param name="claim">The claimed gradients of w, where there is one, and x for (w, x, gradient from above).</param>
internal sealed class TinyPiece(Tensor<double> x, Tensor<double>? w, Func<double[], double[], double[]> function, Func<double[], double[], double[], double[][]> claim) : Piece
{
    /// <summary>A function of the input alone; nobody claims a gradient.</summary>
    public TinyPiece(Tensor<double> x, Func<double[], double[]> function)
        : this(x, null, (_, x) => function(x), (_, _, _) => [[]])
    {
    }

    /// <summary>a = w∘x with a parameter for each input; the gradients g∘x, summed over the batch, and g∘w are what a test makes of them.</summary>
    public static TinyPiece Product(Tensor<double> x, Func<double[], double[]> claimForW, Func<double[], double[]> claimForX) =>
        new(x, Tensor.Create([.. Enumerable.Range(0, (int)x.Lengths[1]).Select(j => 1.5 + j)]), (w, x) => [.. x.Select((value, i) => value * w[i % w.Length])], (w, x, g) =>
        [
            claimForW([.. w.Select((_, j) => x.Select((value, i) => i % w.Length == j ? g[i] * value : 0).Sum())]),
            claimForX([.. x.Select((_, i) => g[i] * w[i % w.Length])]),
        ]);

    public bool IsTinyLoss { get; init; }

    public override string Name => "tiny";

    public override IReadOnlyList<Argument> Arguments { get; } = [.. w is null ? Array.Empty<Argument>() : [new Argument("w", w, IsInput: false)], new Argument("tiny", x, IsInput: true)];

    public override bool IsLoss => IsTinyLoss;

    public override IReadOnlyList<nint> OutputShape => IsLoss ? [1] : [Batch, Forward().Length / Batch];

    public override double[] Forward() => function(W, [.. x]);

    public override double[][] Backward(double[] outputGradient) => claim(W, [.. x], outputGradient);

    private double[] W => w is null ? [] : [.. w];

    public override Piece At(Tensor<double> input) => new TinyPiece(input, w, function, claim) { IsTinyLoss = IsTinyLoss };

    public override Piece Take(int[] samples)
    {
        int width = (int)x.FlattenedLength / Batch;
        double[] values = [.. x];
        return At(Tensor.Create([.. samples.SelectMany(sample => values[(sample * width)..((sample + 1) * width)])], [samples.Length, width]));
    }
}
