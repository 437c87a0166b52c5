namespace ChainRule.Distributed;

/// <summary>One process alone: sums are what they are, and there is nobody to wait for.</summary>
public sealed class SingleProcess : ICollective
{
    private SingleProcess()
    {
    }

    /// <summary>The one process.</summary>
    public static SingleProcess Instance { get; } = new();

    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Size => 1;

    /// <inheritdoc/>
    public void Sum<T>(Span<T> values)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> bytes, int root) => ArgumentOutOfRangeException.ThrowIfNotEqual(root, 0);

    /// <inheritdoc/>
    public void Barrier()
    {
    }
}
