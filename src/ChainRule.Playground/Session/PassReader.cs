using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Playground.Session;

/// <summary>Does a training step layer by layer, writes every number down, and takes the step back.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class PassReader<T>(Sequential<T> network, Loss<T> loss)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Reads the step.</summary>
    /// <param name="inputs">The batch.</param>
    /// <param name="targets">Its targets.</param>
    /// <param name="rows">The numbers of its samples.</param>
    /// <param name="optimizer">The optimizer; it comes back as it was, and so do the parameters.</param>
    /// <param name="update">Moves the parameters.</param>
    public Pass Read(Tensor<T> inputs, Tensor<T> targets, ReadOnlySpan<int> rows, Optimizer<T> optimizer, Action update)
    {
        IReadOnlyList<Layer<T>> layers = network.Layers;
        T[][] values = Moment<T>.Copy(network.Parameters);
        (int Steps, T[][] Tensors)[] memories = Moment<T>.Remember(optimizer);
        double[][] outputs = new double[layers.Count][];
        double[][] gradients = new double[layers.Count][];
        Tensor<T> current = inputs;
        for (int i = 0; i < layers.Count; i++)
        {
            current = layers[i].Forward(current);
            outputs[i] = Doubles(current);
        }

        double value = double.CreateTruncating(loss.Forward(current, targets));
        bool needed = network.NeedsInputGradient;
        network.NeedsInputGradient = true;
        Tensor<T> gradient = loss.Backward();
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            gradients[i] = Doubles(gradient);
            gradient = layers[i].Backward(gradient);
        }

        double[] inputGradients = Doubles(gradient);
        network.NeedsInputGradient = needed;
        double[][] slopes = [.. network.Parameters.Select(parameter => Doubles(parameter.Gradient))];
        update();
        double[][] updated = [.. network.Parameters.Select(parameter => Doubles(parameter.Value))];
        Moment<T>.Paste(values, network.Parameters);
        Moment<T>.Remind(optimizer, memories);

        int next = 0;
        PassParameter Parameter(Parameter<T> parameter)
        {
            int i = next++;
            return new PassParameter(parameter.Name, Probe<T>.Doubles(values[i]), slopes[i], updated[i]);
        }

        int samples = (int)inputs.Lengths[0];
        return new Pass
        {
            Rows = [.. rows],
            Inputs = Doubles(inputs),
            InputGradients = inputGradients,
            Targets = Doubles(targets),
            Layers = [.. layers.Select((layer, i) => new PassLayer(layer.Name, layer.ToString(), outputs[i].Length / samples, outputs[i], gradients[i], [.. layer.Parameters.Select(Parameter)]))],
            Loss = value,
        };
    }

    private static double[] Doubles(Tensor<T> tensor) => Probe<T>.Doubles(tensor.AsSpan());
}
