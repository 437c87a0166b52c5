using System.Globalization;

namespace ChainRule.Lessons;

/// <summary>The experiment that the lesson shows; the defaults are those of the reference numbers.</summary>
public sealed record LessonOptions
{
    /// <summary>The most hidden units: the numeric check computes the loss twice for every weight.</summary>
    public const int MaximumHidden = 512;

    /// <summary>The most epochs.</summary>
    public const int MaximumEpochs = 1_000_000;

    /// <summary>The seed of the neuron's and of the XOR network's first weights.</summary>
    public uint Seed { get; init; } = 42;

    /// <summary>The number of hidden units of the XOR network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 1 to <see cref="MaximumHidden"/>.</exception>
    public int Hidden
    {
        get;
        init => field = RequireRange(value, 1, MaximumHidden, "number of hidden units");
    } = 8;

    /// <summary>How often training goes through the four samples of XOR.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 1 to <see cref="MaximumEpochs"/>.</exception>
    public int Epochs
    {
        get;
        init => field = RequireRange(value, 1, MaximumEpochs, "number of epochs");
    } = 2000;

    /// <summary>How far a step of training goes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a finite number above 0.</exception>
    public double LearningRate
    {
        get;
        init => field = RequirePositive(value, "learning rate");
    } = 1;

    /// <summary>The seed of the network whose gradients are checked.</summary>
    public uint GradientCheckSeed { get; init; }

    /// <summary>The number of hidden units of the network whose gradients are checked.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 1 to <see cref="MaximumHidden"/>.</exception>
    public int GradientCheckHidden
    {
        get;
        init => field = RequireRange(value, 1, MaximumHidden, "number of hidden units");
    } = 4;

    /// <summary>h, the step of the central differences.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a finite number above 0.</exception>
    public double GradientCheckStep
    {
        get;
        init => field = RequirePositive(value, "step of the gradient check");
    } = 1e-5;

    private static int RequireRange(int value, int minimum, int maximum, string what) =>
        value >= minimum && value <= maximum
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, string.Create(CultureInfo.InvariantCulture, $"The {what} is {value}: expected {minimum} to {maximum}."));

    private static double RequirePositive(double value, string what) =>
        value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, string.Create(CultureInfo.InvariantCulture, $"The {what} is {value}: expected a finite number above 0."));
}
