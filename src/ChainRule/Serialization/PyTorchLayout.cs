using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Layers;

namespace ChainRule.Serialization;

/// <summary>
/// What a network's <c>state_dict()</c> would hold in PyTorch: the names (children of a Sequential are counted from 0) and, of
/// layers whose weights lie the other way there, the layout.
/// </summary>
internal static class PyTorchLayout
{
    /// <summary>The tensors of a layer, in PyTorch's order.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="place">What stands in front of its names, e.g. <c>2.</c>; empty for a network.</param>
    public static IEnumerable<StateTensor<T>> Of<T>(Layer<T> layer, string place = "")
        where T : unmanaged, IFloatingPointIeee754<T> => layer switch
        {
            Sequential<T> sequential => sequential.Layers.SelectMany((child, i) => Of(child, $"{place}{i}.")),
            Residual<T> residual => Of(residual.Body, place),
            Concatenate<T> concatenate => concatenate.Children.SelectMany((branch, i) => Of(branch, $"{place}{i}.")),
            Linear<T> linear =>
            [
                new StateTensor<T>($"{place}weight", linear.Weight.Value, IsTransposed: true),
                .. linear.Bias is { } bias ? [new StateTensor<T>($"{place}bias", bias.Value)] : Array.Empty<StateTensor<T>>(),
            ],
            MultiHeadAttention<T> or RecurrentLayer<T> => layer.Parameters.Select(parameter =>
                new StateTensor<T>(place + parameter.Name[(layer.Name.Length == 0 ? 0 : layer.Name.Length + 1)..], parameter.Value, IsTransposed: parameter.Value.Rank == 2)),
            _ =>
            [
                .. layer.Parameters.Select(parameter => new StateTensor<T>(place + LastPart(parameter.Name), parameter.Value)),
                .. layer.Statistics.Select(statistic => new StateTensor<T>(place + LastPart(statistic.Name), statistic.Value)),
            ],
        };

    private static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];
}

/// <summary>One tensor of a network as PyTorch would name it.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Value">The tensor here: the layer's own memory.</param>
/// <param name="IsTransposed">Whether it is a matrix whose rows and columns are exchanged there.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed record StateTensor<T>(string Name, Tensor<T> Value, bool IsTransposed = false)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The tensor as PyTorch has it.</summary>
    public Tensor<T> Export() => IsTransposed ? Transposed(Value) : Value;

    /// <summary>Sees whether a tensor has the shape that this one has in PyTorch.</summary>
    /// <exception cref="FormatException">It has another shape.</exception>
    public void RequireShape(Tensor<T> tensor)
    {
        nint[] shape = Value.Lengths.ToArray();
        if (IsTransposed)
        {
            Array.Reverse(shape);
        }

        if (!tensor.Lengths.SequenceEqual(shape))
        {
            throw new FormatException($"the tensor '{Name}' has the shape {Shape.Describe(tensor.Lengths)}, expected {Shape.Describe(shape)}.");
        }
    }

    /// <summary>Takes the numbers from a tensor as PyTorch has it.</summary>
    public void Import(Tensor<T> tensor) => (IsTransposed ? Transposed(tensor) : tensor).AsSpan().CopyTo(Value.AsSpan());

    private static Tensor<T> Transposed(Tensor<T> matrix)
    {
        (int rows, int columns) = ((int)matrix.Lengths[0], (int)matrix.Lengths[1]);
        ReadOnlySpan<T> from = matrix.AsSpan();
        T[] to = new T[from.Length];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                to[(j * rows) + i] = from[(i * columns) + j];
            }
        }

        return Tensor.Create(to, [columns, rows]);
    }
}
