using System.Numerics;

namespace ChainRule.Verification;

/// <summary>
/// The gradients of a float network against the numeric ones of its copy in double, which know no rounding to speak of. How far
/// they may differ is measured: by what rounding does to each entry when all values move by a few units in the last place.
/// </summary>
internal static class SinglePrecision
{
    // Of a value that rounding leaves less than one digit of, agreement proves nothing.
    private const double Digit = 10;

    /// <summary>Checks.</summary>
    /// <param name="subject">The float network.</param>
    /// <param name="wide">The report on its copy.</param>
    /// <param name="elsewhere">The units that are on other pieces in the copy: rounding has carried them over a corner.</param>
    /// <param name="findings">What probes saw of the float network.</param>
    /// <param name="options">The settings.</param>
    public static GradientCheckReport Check<T>(Subject<T> subject, GradientCheckReport wide, IReadOnlyList<KinkUnit> elsewhere, IReadOnlyList<ProbeFinding> findings, GradientCheckOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[][] drawn = [.. subject.Values.Select(value => Comparison.Draw(value.Lengths, options))];
        var rounding = new ClaimNoise<T>(subject, drawn, options.Seed);
        return new ReportBuilder<T>(wide.Subject, options)
        {
            Subject = subject,
            Entries = [.. drawn.Select((entries, tensor) => entries.Select((entry, i) => Compare(wide.Rows[tensor].Checked[i], subject.Claims[tensor][entry], rounding.At(tensor, i), options.Tolerance ?? Judges.Usual<double>(), elsewhere)).ToArray())],
            TestsOrder = false,
            Findings = findings,
        }.Build();
    }

    /// <summary>Judges one entry of the float network.</summary>
    /// <param name="wide">What was found for it in the copy.</param>
    /// <param name="claim">What the float network claims.</param>
    /// <param name="rounding">How far rounding may have moved that.</param>
    /// <param name="tolerance">The relative error that passes without asking for rounding.</param>
    /// <param name="elsewhere">The units that are on other pieces than in the copy.</param>
    public static CheckedEntry Compare(CheckedEntry wide, double claim, double rounding, double tolerance, IReadOnlyList<KinkUnit> elsewhere)
    {
        double error = Math.Abs(claim - wide.Numeric);
        double larger = Math.Max(Math.Abs(claim), Math.Abs(wide.Numeric));
        double resolution = rounding + wide.Resolution + (wide.Verdict == GradientVerdict.Pass ? wide.AbsoluteError : 0);
        GradientVerdict verdict = wide.Verdict is GradientVerdict.Kink ? GradientVerdict.Kink
            : !double.IsFinite(claim) ? GradientVerdict.Fail
            : error <= tolerance * larger ? GradientVerdict.Pass
            : larger <= resolution || (error <= resolution && larger < Digit * resolution) ? GradientVerdict.Noise
            : error <= resolution ? GradientVerdict.Pass
            : elsewhere.Count > 0 ? GradientVerdict.Kink
            : GradientVerdict.Fail;
        return wide with
        {
            Analytic = claim,
            Resolution = resolution,
            Verdict = verdict,
            Units = verdict != GradientVerdict.Kink ? [] : wide.Verdict == GradientVerdict.Kink ? wide.Units : elsewhere,
        };
    }
}
