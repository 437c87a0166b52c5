namespace ChainRule;

/// <summary>A height and a width, of a window or of its steps; one number stands for both.</summary>
/// <param name="Height">Along the third dimension of a batch of images.</param>
/// <param name="Width">Along the fourth.</param>
public readonly record struct Extent(int Height, int Width)
{
    /// <summary>As high as wide.</summary>
    public static implicit operator Extent(int size) => new(size, size);

    /// <summary>E.g. 3 or (3, 5).</summary>
    public override string ToString() => Height == Width ? $"{Height}" : $"({Height}, {Width})";
}
