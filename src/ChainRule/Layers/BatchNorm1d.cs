using System.Numerics;

namespace ChainRule.Layers;

/// <summary>Batch normalisation of rows, shape (batch, features), or sequences, shape (batch, channels, length): see <see cref="BatchNorm{T}"/>.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BatchNorm1d<T> : BatchNorm<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Makes a layer that scales by 1 and shifts by 0.</summary>
    /// <param name="channels">The number of features or channels.</param>
    /// <param name="epsilon">ε, above 0: keeps the root away from 0.</param>
    /// <param name="momentum">How much the running statistics take of each batch, from 0 to 1.</param>
    /// <param name="affine">Whether there are γ and β.</param>
    /// <param name="tracksStatistics">Whether there are running statistics.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public BatchNorm1d(int channels, double epsilon = 1e-5, double momentum = 0.1, bool affine = true, bool tracksStatistics = true)
        : base(channels, epsilon, momentum, affine, tracksStatistics)
    {
    }

    private protected override string ShapeTaken => $"(batch, {Channels}) or (batch, {Channels}, length)";

    private protected override bool Takes(int rank) => rank is 2 or 3;
}
