using System.Numerics.Tensors;

namespace ChainRule.Tests.Verification;

/// <summary>
/// a = A·|x| over all numbers of a batch together, so that ∂a/∂x is A where x is positive and has a corner where x is 0. The backward
/// pass hands down Cᵀ·∂L/∂a: with the right slopes A and the claimed ones C any mistake can be written down as two matrices.
/// </summary>
/// <param name="right">A, a row for each output.</param>
/// <param name="claimed">C, a row for each output.</param>
/// <param name="batch">The number of samples, among which the outputs are divided.</param>
/// <param name="ofAParameter">Whether x is a parameter <c>w</c>, and the input is of no effect.</param>
internal sealed class GivenSlopes(double[][] right, double[][] claimed, int batch, bool ofAParameter = false) : Layer<double>
{
    private readonly Parameter<double>[] parameters = ofAParameter ? [new Parameter<double>("w", Ones([right[0].Length]))] : [];
    private Tensor<double> x = Tensor<double>.Empty;

    public override IReadOnlyList<Parameter<double>> Parameters => parameters;

    public static Tensor<double> Ones(nint[] shape) => Tensor.Create([.. Enumerable.Repeat(1.0, (int)TensorPrimitives.Product<nint>(shape))], shape);

    public override Tensor<double> Forward(Tensor<double> input)
    {
        x = input;
        double[] values = [.. (ofAParameter ? parameters[0].Value : input).Select(Math.Abs)];
        return Tensor.Create([.. right.Select(row => TensorPrimitives.Dot<double>(row, values))], [batch, right.Length / batch]);
    }

    public override Tensor<double> Backward(Tensor<double> outputGradient)
    {
        double[] g = [.. outputGradient];
        double[] gradient = [.. Enumerable.Range(0, claimed[0].Length).Select(i => claimed.Select((row, o) => row[i] * g[o]).Sum())];
        if (!ofAParameter)
        {
            return Tensor.Create(gradient, x.Lengths);
        }

        Span<double> sum = parameters[0].AccumulateGradient();
        TensorPrimitives.Add(sum, gradient, sum);
        return Tensor.CreateFromShape<double>(x.Lengths);
    }
}
