namespace ChainRule.Explanation;

/// <summary>Settings of an <see cref="Explainer{T}"/>.</summary>
public sealed record ExplainerOptions
{
    /// <summary>The most paths that are named one by one; the others are totalled.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaximumPaths
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 24;

    /// <summary>The number of each sample in the data that the batch was taken from; null for 0, 1, 2, …</summary>
    public IReadOnlyList<int>? SampleNumbers { get; init; }
}
