using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Verification;

/// <summary>
/// One function of a network by itself, a layer or the loss, with the values that it had in the pass that was checked. It can be
/// run again: forward with an argument moved, backward with any gradient from above.
/// </summary>
internal abstract class Piece
{
    /// <summary>What a person calls it, e.g. Linear(2, 8) 'layer1'.</summary>
    public abstract string Name { get; }

    /// <summary>What the function depends on: its parameters, then its input. These are the tensors that it reads.</summary>
    public abstract IReadOnlyList<Argument> Arguments { get; }

    /// <summary>Whether it is the loss, above which there is nothing.</summary>
    public abstract bool IsLoss { get; }

    /// <summary>The shape of the last output; of a loss (1,).</summary>
    public abstract IReadOnlyList<nint> OutputShape { get; }

    /// <summary>The input.</summary>
    public Tensor<double> Input => Arguments[^1].Value;

    /// <summary>The number of samples.</summary>
    public int Batch => (int)Input.Lengths[0];

    /// <summary>Computes the output from the arguments as they are.</summary>
    public abstract double[] Forward();

    /// <summary>Runs forward and backward: the claimed gradient of every argument.</summary>
    /// <param name="outputGradient">∂L/∂output; a loss ignores it.</param>
    public abstract double[][] Backward(double[] outputGradient);

    /// <summary>The same function at another input.</summary>
    public abstract Piece At(Tensor<double> input);

    /// <summary>The same function on some of the samples.</summary>
    public abstract Piece Take(int[] samples);

    /// <summary>The functions that a network is made of, in the order in which they run.</summary>
    public static IReadOnlyList<Piece> Of(CheckedNetwork network)
    {
        var pieces = new List<Piece>();
        Tensor<double> output = Collect(network.Network, Copy(network.Input), pieces);
        if (network.Loss is { } loss)
        {
            pieces.Add(new LossPiece(loss, output, network.Target!));
        }

        return pieces;
    }

    private static Tensor<double> Collect(Layer<double> layer, Tensor<double> input, List<Piece> pieces)
    {
        if (layer is Sequential<double> network)
        {
            return network.Layers.Aggregate(input, (value, child) => Collect(child, value, pieces));
        }

        var piece = new LayerPiece(layer, input);
        pieces.Add(piece);
        double[] output = piece.Forward(); // a copy: the layer uses that memory again
        return Tensor.Create(output, [.. piece.OutputShape]);
    }

    private static Tensor<double> Copy(Tensor<double> tensor) => Tensor.Create(tensor.AsSpan().ToArray(), tensor.Lengths);

    private static Tensor<double> Rows(Tensor<double> tensor, int[] samples)
    {
        int width = (int)(tensor.FlattenedLength / tensor.Lengths[0]);
        double[] values = tensor.AsSpan().ToArray();
        return Tensor.Create([.. samples.SelectMany(i => values.AsSpan(i * width, width).ToArray())], [samples.Length, .. tensor.Lengths[1..]]);
    }

    /// <summary>A tensor that a function depends on.</summary>
    /// <param name="Name">The parameter's name; for an input the name of the function.</param>
    /// <param name="Value">The tensor that the function reads.</param>
    /// <param name="IsInput">Whether it is the input, with the batch as its first dimension.</param>
    internal sealed record Argument(string Name, Tensor<double> Value, bool IsInput)
    {
        /// <summary>The shape.</summary>
        public nint[] Shape { get; } = [.. Value.Lengths];

        /// <summary>The number of entries.</summary>
        public int Length => (int)Value.FlattenedLength;
    }

    private sealed class LayerPiece(Layer<double> layer, Tensor<double> input) : Piece
    {
        private nint[] outputShape = [];

        public override string Name => layer.Description;

        public override IReadOnlyList<Argument> Arguments { get; } =
            [.. layer.Parameters.Select(parameter => new Argument(parameter.Name, parameter.Value, IsInput: false)), new Argument(layer.Description, input, IsInput: true)];

        public override bool IsLoss => false;

        public override IReadOnlyList<nint> OutputShape => outputShape;

        public override double[] Forward()
        {
            double[][] values = Values();
            Tensor<double> output = layer.Forward(Copy(input));
            Restore(values);
            outputShape = [.. output.Lengths];
            return output.AsSpan().ToArray();
        }

        public override double[][] Backward(double[] outputGradient)
        {
            double[][] values = Values();
            Tensor<double> x = Copy(input); // a layer under suspicion may change what it reads
            outputShape = [.. layer.Forward(x).Lengths];
            bool needed = layer.NeedsInputGradient;
            layer.NeedsInputGradient = true;
            Discard();
            Tensor<double> inputGradient = layer.Backward(Tensor.Create([.. outputGradient], outputShape));
            double[][] gradients =
            [
                .. layer.Parameters.Select(parameter => parameter.HasGradient ? parameter.Gradient.AsSpan().ToArray() : new double[parameter.Value.FlattenedLength]),
                inputGradient.AsSpan().ToArray(), // nothing where the layer has none
            ];
            Discard();
            Restore(values);
            layer.NeedsInputGradient = needed;
            return gradients;
        }

        public override Piece At(Tensor<double> other) => new LayerPiece(layer, other);

        public override Piece Take(int[] samples) => new LayerPiece(layer, Rows(input, samples));

        private double[][] Values() => [.. layer.Parameters.Select(parameter => parameter.Value.AsSpan().ToArray())];

        private void Restore(double[][] values)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i].CopyTo(layer.Parameters[i].Value.AsSpan());
            }
        }

        private void Discard()
        {
            foreach (Parameter<double> parameter in layer.Parameters)
            {
                parameter.DiscardGradient();
            }
        }
    }

    private sealed class LossPiece(Loss<double> loss, Tensor<double> prediction, Tensor<double> target) : Piece
    {
        public override string Name => loss.ToString();

        public override IReadOnlyList<Argument> Arguments { get; } = [new Argument(loss.ToString(), prediction, IsInput: true)];

        public override bool IsLoss => true;

        public override IReadOnlyList<nint> OutputShape { get; } = [1];

        public override double[] Forward() => [loss.Forward(prediction, target)];

        public override double[][] Backward(double[] outputGradient)
        {
            Forward();
            return [loss.Derivative().AsSpan().ToArray()];
        }

        public override Piece At(Tensor<double> other) => new LossPiece(loss, other, target);

        public override Piece Take(int[] samples) => new LossPiece(loss, Rows(prediction, samples), Rows(target, samples));
    }
}
