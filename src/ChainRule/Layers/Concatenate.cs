using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>Parallel branches: a = [f₁(x), f₂(x), …], the outputs of all branches side by side along one dimension.</summary>
/// <remarks>
/// <para>
/// Shapes: the outputs of the branches are alike in all dimensions but that one, along which their lengths add up. It is the last
/// (−1, features) unless another is asked for, e.g. 1 for the channels of images.
/// </para>
/// <para>
/// Backward: each branch gets its part of ∂L/∂a, and x reaches the loss through all of them, so their gradients add up:
/// ∂L/∂x = Σᵢ ∂L/∂aᵢ·∂fᵢ/∂x.
/// </para>
/// <para>
/// In PyTorch it is an <c>nn.ModuleList</c> whose outputs go through <c>torch.cat</c>, and a model file has the names of that.
/// Source: Szegedy et al., Going Deeper with Convolutions (CVPR 2015).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Concatenate<T> : Layer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Layer<T>[] branches;
    private readonly Parameter<T>[] parameters;
    private readonly RunningStatistic<T>[] statistics;
    private readonly TensorBuffer<T> outputs = new();
    private readonly TensorBuffer<T>[] parts;
    private readonly TensorBuffer<T> inputGradients = new();
    private readonly Tensor<T>[] results;
    private Tensor<T>? input;
    private Tensor<T>? output;

    /// <summary>Puts branches side by side, along the last dimension.</summary>
    /// <param name="branches">The branches. From now on they belong to this layer.</param>
    /// <exception cref="ArgumentException">There are no branches, or one of them already belongs to a network.</exception>
    public Concatenate(params Layer<T>[] branches)
        : this(-1, branches)
    {
    }

    /// <summary>Puts branches side by side.</summary>
    /// <param name="dimension">Along which dimension of the outputs: 1 or more, or −1 for the last. The batch, 0, is none.</param>
    /// <param name="branches">The branches. From now on they belong to this layer.</param>
    /// <exception cref="ArgumentException">There are no branches, one of them already belongs to a network, or the dimension is out of range.</exception>
    public Concatenate(int dimension, params Layer<T>[] branches)
    {
        if (dimension is not (-1 or (> 0 and < Shape.MaximumRank)))
        {
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"Concatenate: expected a dimension from 1 to {Shape.MaximumRank - 1}, or -1 for the last, got {dimension}.");
        }

        Sequential<T>.RequireFree(branches, "Branch");
        Dimension = dimension;
        this.branches = [.. branches];
        parameters = [.. branches.SelectMany(branch => branch.Parameters)];
        statistics = [.. branches.SelectMany(branch => branch.Statistics)];
        parts = [.. branches.Select(_ => new TensorBuffer<T>())];
        results = new Tensor<T>[branches.Length];
        for (int i = 0; i < branches.Length; i++)
        {
            branches[i].PlaceAt($"branch{i + 1}");
        }
    }

    /// <summary>Along which dimension: 1 or more, or −1 for the last.</summary>
    public int Dimension { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Layer<T>> Children => branches;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => parameters;

    /// <inheritdoc/>
    public override IReadOnlyList<RunningStatistic<T>> Statistics => statistics;

    /// <inheritdoc/>
    public override bool HasInputGradient => Array.TrueForAll(branches, branch => branch.HasInputGradient);

    /// <inheritdoc/>
    public override bool NeedsInputGradient
    {
        get => base.NeedsInputGradient;
        set
        {
            base.NeedsInputGradient = value;
            foreach (Layer<T> branch in branches)
            {
                branch.NeedsInputGradient = value;
            }
        }
    }

    /// <summary>E.g. Concatenate(Linear(8, 4), Tanh).</summary>
    public override string ToString() => $"Concatenate({(Dimension == -1 ? "" : $"dimension {Dimension}, ")}{string.Join(", ", branches.AsEnumerable())})";

    /// <inheritdoc/>
    /// <remarks>a = [f₁(x), f₂(x), …].</remarks>
    public override Tensor<T> Forward(Tensor<T> input)
    {
        PassGuard.RequireInput(this, input);
        for (int i = 0; i < branches.Length; i++)
        {
            results[i] = branches[i].Forward(input);
        }

        Span<nint> shape = stackalloc nint[Shape.MaximumRank];
        shape = JoinedShape(shape);
        this.input = input;
        output = outputs.WithShape(shape);
        int start = 0;
        foreach (Tensor<T> result in results)
        {
            Strip(output, start, Length(result), out int rows, out int width, out int stride, out int offset);
            for (int row = 0; row < rows; row++)
            {
                result.AsSpan().Slice(row * width, width).CopyTo(output.AsSpan()[((row * stride) + offset)..]);
            }

            start += Length(result);
        }

        return output;
    }

    /// <inheritdoc/>
    /// <remarks>∂L/∂x = Σᵢ ∂L/∂aᵢ·∂fᵢ/∂x.</remarks>
    public override Tensor<T> Backward(Tensor<T> outputGradient)
    {
        PassGuard.RequireOutputGradient(this, output, outputGradient);
        bool givesInputGradient = NeedsInputGradient && HasInputGradient;
        Tensor<T> inputGradient = givesInputGradient ? inputGradients.WithShape(input!.Lengths) : Tensor<T>.Empty;
        int start = 0;
        for (int i = 0; i < branches.Length; i++)
        {
            Tensor<T> part = parts[i].WithShape(results[i].Lengths);
            Strip(outputGradient, start, Length(part), out int rows, out int width, out int stride, out int offset);
            for (int row = 0; row < rows; row++)
            {
                outputGradient.AsSpan().Slice((row * stride) + offset, width).CopyTo(part.AsSpan()[(row * width)..]);
            }

            start += Length(part);
            Tensor<T> throughBranch = branches[i].Backward(part);
            if (!givesInputGradient)
            {
                continue;
            }

            if (i == 0)
            {
                throughBranch.AsSpan().CopyTo(inputGradient.AsSpan());
            }
            else
            {
                TensorPrimitives.Add<T>(inputGradient.AsSpan(), throughBranch.AsSpan(), inputGradient.AsSpan());
            }
        }

        return inputGradient;
    }

    /// <summary>The shape of all outputs side by side.</summary>
    private Span<nint> JoinedShape(Span<nint> shape)
    {
        Tensor<T> first = results[0];
        shape = shape[..first.Rank];
        first.Lengths.CopyTo(shape);
        int along = Dimension == -1 ? first.Rank - 1 : Dimension;
        for (int i = 0; i < results.Length; i++)
        {
            ReadOnlySpan<nint> lengths = results[i].Lengths;
            bool fits = along > 0 && along < lengths.Length && lengths.Length == shape.Length;
            for (int d = 0; fits && d < lengths.Length; d++)
            {
                fits = d == along || lengths[d] == shape[d];
            }

            if (!fits)
            {
                throw new ArgumentException($"{Description}: expected outputs that are alike but for {(Dimension == -1 ? "the last dimension" : $"dimension {Dimension}")}, got {string.Join(", ", results.Select(result => Shape.Describe(result.Lengths)))} from the branches.");
            }

            shape[along] += i == 0 ? 0 : lengths[along];
        }

        return shape;
    }

    private int Length(Tensor<T> part) => (int)part.Lengths[Dimension == -1 ? ^1 : Dimension];

    /// <summary>Where a part lies in the whole: so many rows of so many values, how far from one to the next, and where the first begins.</summary>
    private void Strip(Tensor<T> whole, int start, int length, out int rows, out int width, out int stride, out int offset)
    {
        int along = Dimension == -1 ? whole.Rank - 1 : Dimension;
        int inner = (int)Shape.Volume(whole.Lengths[(along + 1)..]);
        rows = (int)Shape.Volume(whole.Lengths[..along]);
        width = length * inner;
        stride = (int)whole.Lengths[along] * inner;
        offset = start * inner;
    }
}
