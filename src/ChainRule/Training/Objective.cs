using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Losses;

namespace ChainRule.Training;

/// <summary>
/// What a network is to answer and how its answer is judged: how many outputs it needs, which activation ends it, which loss
/// measures it, in which form the targets go to that loss, and what its outputs mean.
/// </summary>
public sealed record Objective
{
    private Objective(LossKind loss, int classes, int values)
    {
        Loss = loss;
        Classes = classes;
        Values = values;
    }

    /// <summary>The loss.</summary>
    public LossKind Loss { get; }

    /// <summary>The number of classes; 0 where values are predicted.</summary>
    public int Classes { get; }

    /// <summary>The number of values to predict for a sample; 0 where classes are.</summary>
    public int Values { get; }

    /// <summary>Whether classes are predicted.</summary>
    public bool IsClassification => Classes > 0;

    /// <summary>The number of outputs of the network: one for two classes where the loss takes a probability, else one a class or value.</summary>
    public int Outputs => !IsClassification ? Values : IsSingle ? 1 : Classes;

    private bool IsSingle => Loss == LossKind.BinaryCrossEntropy || (Loss == LossKind.MeanSquaredError && Classes == 2);

    /// <summary>To tell classes apart.</summary>
    /// <param name="loss">Cross-entropy, binary cross-entropy (two classes) or the squared error of the probabilities.</param>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <exception cref="ArgumentException">The loss does not go with that number of classes.</exception>
    public static Objective ForClasses(LossKind loss, int classes) =>
        classes < 2 || (loss == LossKind.BinaryCrossEntropy && classes != 2)
            ? throw new ArgumentException($"Expected {(loss == LossKind.BinaryCrossEntropy ? "two classes for binary cross-entropy" : "at least two classes")}, got {classes}.", nameof(classes))
            : new Objective(loss, classes, 0);

    /// <summary>To predict values, judged by the squared error.</summary>
    /// <param name="values">The number of values for a sample.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public static Objective ForValues(int values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values, 1);
        return new Objective(LossKind.MeanSquaredError, 0, values);
    }

    /// <summary>The activation that ends the network; null where the loss takes the outputs as they are.</summary>
    public Layer<T>? OutputActivation<T>()
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Loss != LossKind.MeanSquaredError || !IsClassification ? null : IsSingle ? new Sigmoid<T>() : new Softmax<T>();

    /// <summary>A new loss.</summary>
    public Loss<T> CreateLoss<T>()
        where T : unmanaged, IFloatingPointIeee754<T> => Loss switch
        {
            LossKind.CrossEntropy => new SoftmaxCrossEntropy<T>(),
            LossKind.BinaryCrossEntropy => new BinaryCrossEntropyWithLogits<T>(),
            _ => new MeanSquaredError<T>(),
        };

    /// <summary>Targets in the form that the loss takes: class indices as they are, as a column, or as one-hot rows; values as they are.</summary>
    /// <param name="targets">Class indices, shape (samples), or values, shape (samples, <see cref="Values"/>).</param>
    public Tensor<T> Encode<T>(Tensor<T> targets)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (!IsClassification || Loss == LossKind.CrossEntropy)
        {
            return targets;
        }

        nint samples = targets.Lengths[0];
        if (IsSingle)
        {
            return Tensor.Create(targets.AsSpan().ToArray(), [samples, 1]);
        }

        Tensor<T> oneHot = Tensor.CreateFromShape<T>([samples, Classes]);
        for (int i = 0; i < samples; i++)
        {
            oneHot[i, int.CreateTruncating(targets[i])] = T.One;
        }

        return oneHot;
    }

    /// <summary>The class that a row of outputs stands for: the largest of several; of a single one, whether it is the more probable.</summary>
    /// <param name="outputs">The outputs for one sample.</param>
    public int ClassOf<T>(ReadOnlySpan<T> outputs)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        outputs.Length > 1 ? TensorPrimitives.IndexOfMax(outputs) : outputs[0] > (Loss == LossKind.BinaryCrossEntropy ? T.Zero : T.CreateTruncating(0.5)) ? 1 : 0;

    /// <summary>The probability of each class for each sample, shape (samples, <see cref="Classes"/>).</summary>
    /// <param name="outputs">The network's outputs, shape (samples, <see cref="Outputs"/>).</param>
    /// <exception cref="InvalidOperationException">Values are predicted, which have no probabilities.</exception>
    public Tensor<T> Probabilities<T>(Tensor<T> outputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(outputs);
        if (!IsClassification)
        {
            throw new InvalidOperationException("Values have no probabilities.");
        }

        if (Loss == LossKind.CrossEntropy)
        {
            return new Softmax<T>().Forward(outputs);
        }

        if (!IsSingle)
        {
            return outputs;
        }

        Tensor<T> second = Loss == LossKind.BinaryCrossEntropy ? new Sigmoid<T>().Forward(outputs) : outputs;
        nint samples = outputs.Lengths[0];
        Tensor<T> both = Tensor.CreateFromShape<T>([samples, 2]);
        for (nint i = 0; i < samples; i++)
        {
            both[i, 0] = T.One - second[i, 0];
            both[i, 1] = second[i, 0];
        }

        return both;
    }
}

/// <summary>The losses that an <see cref="Objective"/> can have.</summary>
public enum LossKind
{
    /// <summary>Cross-entropy of the softmax of the outputs: classes.</summary>
    CrossEntropy,

    /// <summary>Cross-entropy of the sigmoid of one output: two classes.</summary>
    BinaryCrossEntropy,

    /// <summary>The mean squared error: values, or the probabilities of classes.</summary>
    MeanSquaredError,
}
