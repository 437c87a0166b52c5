namespace ChainRule.Playground.Page;

/// <summary>How fast the page plays.</summary>
/// <param name="PerSecond">How many a second; infinite for as many as there is time for.</param>
/// <param name="IsOperations">Whether operations are counted, else steps.</param>
public readonly record struct Speed(double PerSecond, bool IsOperations)
{
    /// <summary>The speeds, slowest first.</summary>
    public static IReadOnlyList<Speed> All { get; } =
    [
        new(1, true),
        new(4, true),
        new(12, true),
        new(5, false),
        new(20, false),
        new(60, false),
        new(400, false),
        new(double.PositiveInfinity, false),
    ];

    /// <summary>The place of the speed that the page starts with.</summary>
    public const int Default = 5;
}
