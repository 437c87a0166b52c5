using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Training;

/// <summary>Samples and what a network should answer to them.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class DataSet<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Puts inputs and targets together.</summary>
    /// <param name="name">What people call the data, e.g. <c>digits</c>.</param>
    /// <param name="inputs">One sample a row: (samples, features) or (samples, d₁, d₂, …).</param>
    /// <param name="targets">For classes the class indices, shape (samples,); for regression the values, shape (samples, outputs).</param>
    /// <param name="classNames">The name of each class; empty for regression.</param>
    /// <param name="featureNames">The name of each feature; empty where they have none.</param>
    /// <exception cref="ArgumentException">The shapes do not belong together, or a class index has no name.</exception>
    public DataSet(string name, Tensor<T> inputs, Tensor<T> targets, IReadOnlyList<string>? classNames = null, IReadOnlyList<string>? featureNames = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        Name = name;
        Inputs = inputs;
        Targets = targets;
        ClassNames = classNames ?? [];
        FeatureNames = featureNames ?? [];
        if (!Shape.IsBatch(inputs))
        {
            throw Shape.NotABatch(inputs, $"Data set '{name}': the inputs", nameof(inputs));
        }

        if (!Shape.IsBatch(targets))
        {
            throw Shape.NotABatch(targets, $"Data set '{name}': the targets", nameof(targets));
        }

        if (inputs.Rank < 2 || targets.Lengths[0] != inputs.Lengths[0] || targets.Rank != (IsClassification ? 1 : 2))
        {
            string expected = IsClassification ? "(samples,)" : "(samples, outputs)";
            throw new ArgumentException($"Data set '{name}': expected inputs of shape (samples, features) and targets of shape {expected}, got {Shape.Describe(inputs.Lengths)} and {Shape.Describe(targets.Lengths)}.", nameof(targets));
        }

        if (IsClassification)
        {
            ReadOnlySpan<T> indices = targets.AsSpan();
            for (int i = 0; i < indices.Length; i++)
            {
                if (!(indices[i] >= T.Zero && indices[i] < T.CreateChecked(ClassNames.Count) && T.IsInteger(indices[i])))
                {
                    throw new ArgumentException($"Data set '{name}': expected class indices from 0 to {ClassNames.Count - 1}, got {indices[i]} for sample {i}.", nameof(targets));
                }
            }
        }

        if (FeatureNames.Count > 0 && FeatureNames.Count != Features)
        {
            throw new ArgumentException($"Data set '{name}': expected {Features} feature names, got {FeatureNames.Count}.", nameof(featureNames));
        }
    }

    /// <summary>What people call the data.</summary>
    public string Name { get; }

    /// <summary>One sample a row: (samples, features) or (samples, d₁, d₂, …).</summary>
    public Tensor<T> Inputs { get; }

    /// <summary>Class indices, shape (samples,), or values, shape (samples, outputs).</summary>
    public Tensor<T> Targets { get; }

    /// <summary>The name of each class; empty for regression.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The name of each feature; empty where they have none.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Whether the targets are classes.</summary>
    public bool IsClassification => ClassNames.Count > 0;

    /// <summary>The number of samples.</summary>
    public int Count => (int)Inputs.Lengths[0];

    /// <summary>The number of values in a sample.</summary>
    public int Features => (int)(Inputs.FlattenedLength / Inputs.Lengths[0]);

    /// <summary>The number of values that a network answers: one for each class, or one for each target value.</summary>
    public int Outputs => IsClassification ? ClassNames.Count : (int)Targets.Lengths[1];

    /// <summary>The samples of the given rows, in that order.</summary>
    /// <param name="rows">Indices from 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public DataSet<T> Select(ReadOnlySpan<int> rows) =>
        new(Name, Gather(Inputs, rows), Gather(Targets, rows), ClassNames, FeatureNames);

    /// <summary>Splits the samples in two at random.</summary>
    /// <param name="fraction">The share of the samples that are held out, between 0 and 1; at least one is.</param>
    /// <param name="random">Where the permutation is drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="InvalidOperationException">There are not enough samples for two parts.</exception>
    public (DataSet<T> Kept, DataSet<T> HeldOut) Split(double fraction, NumPyRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (!(fraction > 0 && fraction < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, $"Data set '{Name}': cannot split off the fraction {fraction}: expected a number between 0 and 1.");
        }

        int part = Math.Max(1, (int)Math.Round(Count * fraction));
        if (part >= Count)
        {
            throw new InvalidOperationException($"Data set '{Name}': {Count} samples are too few to split off the fraction {fraction}.");
        }

        ReadOnlySpan<int> order = random.Permutation(Count);
        return (Select(order[part..]), Select(order[..part]));
    }

    private Tensor<T> Gather(Tensor<T> source, ReadOnlySpan<int> rows)
    {
        nint[] shape = source.Lengths.ToArray();
        int width = (int)(source.FlattenedLength / shape[0]);
        shape[0] = rows.Length;
        Tensor<T> result = Tensor.CreateFromShapeUninitialized<T>(shape);
        for (int i = 0; i < rows.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rows[i], nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rows[i], Count, nameof(rows));
            source.AsSpan().Slice(rows[i] * width, width).CopyTo(result.AsSpan()[(i * width)..]);
        }

        return result;
    }
}
