using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Training;

namespace ChainRule.Playground.Session;

/// <summary>
/// A second network with the same values, to look at other samples than the batch without disturbing what the layers keep for
/// their backward pass: the held-out samples, and the points of a grid over the plane.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class Probe<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Sequential<T> network;
    private readonly Objective objective;
    private readonly Loss<T> loss;
    private readonly SampleSet samples;
    private readonly Tensor<T> train;
    private readonly Tensor<T> trainTargets;
    private readonly Tensor<T>? test;
    private readonly Tensor<T>? testTargets;
    private Tensor<T>? grid;
    private int gridSize;

    public Probe(Setup setup, SampleSet samples)
    {
        this.samples = samples;
        network = NetworkFactory.Network<T>(setup, samples.Train.Features);
        objective = NetworkFactory.Objective(setup);
        loss = objective.CreateLoss<T>();
        train = Convert(samples.Train.Inputs);
        trainTargets = objective.Encode(Convert(samples.Train.Targets));
        test = samples.Test is { } set ? Convert(set.Inputs) : null;
        testTargets = samples.Test is { } held ? objective.Encode(Convert(held.Targets)) : null;
    }

    /// <summary>Takes the values of the network that is trained.</summary>
    public void Follow(IReadOnlyList<Parameter<T>> parameters)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            parameters[i].Value.AsSpan().CopyTo(network.Parameters[i].Value.AsSpan());
        }
    }

    /// <summary>The loss of the samples that are learnt from or of those that are held out; not a number where there are none.</summary>
    public double Loss(bool ofTest) =>
        ofTest
            ? test is null ? double.NaN : double.CreateTruncating(loss.Forward(network.Forward(test), testTargets!))
            : double.CreateTruncating(loss.Forward(network.Forward(train), trainTargets));

    /// <summary>The share of samples that are put into the right class; not a number for values or where there are no samples.</summary>
    public double Accuracy(bool ofTest)
    {
        DataSet<double>? set = ofTest ? samples.Test : samples.Train;
        if (set is null || !objective.IsClassification)
        {
            return double.NaN;
        }

        ReadOnlySpan<T> outputs = network.Forward(ofTest ? test! : train).AsSpan();
        int right = 0;
        for (int i = 0; i < set.Count; i++)
        {
            right += objective.ClassOf(outputs.Slice(i * objective.Outputs, objective.Outputs)) == (int)set.Targets[i] ? 1 : 0;
        }

        return (double)right / set.Count;
    }

    /// <summary>What the network answers to the training samples or to those held out: probabilities of classes, or values.</summary>
    public double[] Predictions(bool ofTest)
    {
        Tensor<T>? inputs = ofTest ? test : train;
        return inputs is null ? [] : Answers(network.Forward(inputs));
    }

    /// <summary>The outputs of all layers for the training samples.</summary>
    public T[][] TrainOutputs() => Outputs(train);

    /// <summary>The outputs of all layers at the points of a grid, row by row from the top left; features beyond two are 0 there.</summary>
    /// <param name="size">The points of a row and of a column.</param>
    /// <param name="answers">Receives the probabilities or values of the whole network.</param>
    public Tensor<T>[] Grid(int size, out double[] answers)
    {
        if (grid is null || gridSize != size)
        {
            int features = samples.Train.Features;
            T[] points = new T[size * size * features];
            for (int i = 0; i < size * size; i++)
            {
                points[i * features] = T.CreateTruncating(samples.X1.At(((i % size) + 0.5) / size));
                if (features > 1)
                {
                    points[(i * features) + 1] = T.CreateTruncating(samples.X2.At(1 - (((i / size) + 0.5) / size)));
                }
            }

            grid = Tensor.Create(points, [size * size, features]);
            gridSize = size;
        }

        var outputs = new Tensor<T>[network.Layers.Count];
        Tensor<T> current = grid;
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = current = network.Layers[i].Forward(current);
        }

        answers = Answers(current);
        return outputs;
    }

    private T[][] Outputs(Tensor<T> inputs)
    {
        var outputs = new T[network.Layers.Count][];
        Tensor<T> current = inputs;
        for (int i = 0; i < outputs.Length; i++)
        {
            current = network.Layers[i].Forward(current);
            outputs[i] = current.AsSpan().ToArray();
        }

        return outputs;
    }

    /// <summary>The probability of class 1 where there are two classes and one output, else each class's; or the values.</summary>
    private double[] Answers(Tensor<T> outputs)
    {
        if (objective.IsClassification && objective.Loss != LossKind.MeanSquaredError)
        {
            Tensor<T> probabilities = objective.Probabilities(outputs);
            double[] all = Doubles(probabilities.AsSpan());
            return objective.Outputs > 1 ? all : [.. all.Where((_, i) => i % 2 == 1)];
        }

        return Doubles(outputs.AsSpan());
    }

    internal static double[] Doubles(ReadOnlySpan<T> values)
    {
        double[] result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = double.CreateTruncating(values[i]);
        }

        return result;
    }

    internal static Tensor<T> Convert(Tensor<double> tensor)
    {
        ReadOnlySpan<double> from = tensor.AsSpan();
        T[] to = new T[from.Length];
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = T.CreateTruncating(from[i]);
        }

        return Tensor.Create(to, tensor.Lengths);
    }
}
