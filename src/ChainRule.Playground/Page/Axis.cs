using System.Globalization;

namespace ChainRule.Playground.Page;

/// <summary>An axis of a chart: where numbers are on it, and which of them it names.</summary>
public sealed class Axis
{
    private const int MostTicks = 6;

    private readonly double low;
    private readonly double high;

    private Axis(double low, double high, bool isLogarithmic, IReadOnlyList<AxisTick> ticks)
    {
        this.low = low;
        this.high = high;
        IsLogarithmic = isLogarithmic;
        Ticks = ticks;
    }

    /// <summary>Whether equal distances are equal ratios.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>The numbers that are named.</summary>
    public IReadOnlyList<AxisTick> Ticks { get; }

    /// <summary>An axis for numbers; those that are not finite, and those that are not above 0 where it is logarithmic, count for nothing.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="isLogarithmic">Whether equal distances are equal ratios.</param>
    public static Axis For(IEnumerable<double> values, bool isLogarithmic)
    {
        double[] shown = [.. values.Where(value => double.IsFinite(value) && (!isLogarithmic || value > 0))];
        double low = shown.DefaultIfEmpty(isLogarithmic ? 0.1 : 0).Min();
        double high = shown.DefaultIfEmpty(1).Max();
        return isLogarithmic ? Logarithmic(low, high) : Linear(low, high);
    }

    /// <summary>Where a number is, from 0 at the start to 1 at the end; not a number for one that cannot be shown.</summary>
    /// <param name="value">The number.</param>
    public double At(double value) => IsLogarithmic
        ? value > 0 ? (Math.Log10(value) - low) / (high - low) : double.NaN
        : (value - low) / (high - low);

    private static Axis Linear(double low, double high)
    {
        if (high <= low)
        {
            (low, high) = (low - 0.5, low + 0.5);
        }

        double rough = (high - low) / (MostTicks - 1);
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { 1.0, 2, 5, 10 }.First(factor => factor * power >= rough) * power;
        double start = Math.Floor(low / step) * step;
        double end = Math.Ceiling(high / step) * step;
        int count = (int)Math.Round((end - start) / step);
        string format = step >= 1 ? "#,0" : $"0.{new string('#', (int)Math.Min(10, Math.Ceiling(-Math.Log10(step) + 0.001) + 1))}";
        return new Axis(start, end, false, [.. Enumerable.Range(0, count + 1).Select(i =>
        {
            double value = start + (i * step);
            return new AxisTick((double)i / count, (Math.Abs(value) < step / 2 ? 0 : value).ToString(format, CultureInfo.InvariantCulture).Replace('-', '−'));
        })]);
    }

    private static Axis Logarithmic(double low, double high)
    {
        int start = (int)Math.Floor(Math.Log10(low) + 1e-9);
        int end = Math.Max(start + 1, (int)Math.Ceiling(Math.Log10(high) - 1e-9));
        int step = (end - start + MostTicks - 1) / MostTicks;
        return new Axis(start, end, true, [.. Enumerable.Range(0, ((end - start) / step) + 1).Select(i => new AxisTick((double)(i * step) / (end - start), Power(start + (i * step))))]);
    }

    private static string Power(int exponent) => exponent switch
    {
        0 => "1",
        1 => "10",
        2 => "100",
        -1 => "0.1",
        -2 => "0.01",
        _ => $"10{string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']))}",
    };
}

/// <summary>A number that an axis names.</summary>
/// <param name="Place">Where it is, from 0 to 1.</param>
/// <param name="Label">What it says.</param>
public sealed record AxisTick(double Place, string Label);
