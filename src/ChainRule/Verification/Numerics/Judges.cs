using System.Numerics;

namespace ChainRule.Verification;

/// <summary>The judge for a precision.</summary>
internal static class Judges
{
    private const double Double = 1e-5;
    private const double Single = 1e-2;

    /// <summary>The step that is tried first where none was asked for; the largest relative error that passes is the same number.</summary>
    public static double Usual<T>() => typeof(T) == typeof(double) ? Double : Single;

    /// <summary>The judge with the options' settings.</summary>
    public static EntryJudge For<T>(GradientCheckOptions options, Lazy<double> lossNoise)
        where T : unmanaged, IFloatingPointIeee754<T> => new()
        {
            Step = options.Step ?? Usual<T>(),
            IsStepFixed = options.Step is not null,
            Tolerance = options.Tolerance ?? Usual<T>(),
            IsToleranceFixed = options.Tolerance is not null,
            Extrapolates = options.Extrapolate,
            LossNoise = lossNoise,
            Unit = Subject<T>.Unit,
            Least = Subject<T>.Least,
        };
}
