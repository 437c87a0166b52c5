using System.Globalization;

namespace ChainRule.Playground.Text;

/// <summary>Numbers as the page writes them.</summary>
public static class Numbers
{
    /// <summary>Four digits, or a power of ten where they would say nothing.</summary>
    /// <param name="value">The number.</param>
    public static string Brief(double value) => Math.Abs(value) switch
    {
        double.NaN => "NaN",
        double.PositiveInfinity => value > 0 ? "∞" : "−∞",
        0 => "0",
        >= 0.1 and < 1e4 => Signed(value.ToString("0.####", CultureInfo.InvariantCulture)),
        >= 1e-3 and < 0.1 => Signed(value.ToString("0.######", CultureInfo.InvariantCulture)),
        _ => Signed(value.ToString("0.00e0", CultureInfo.InvariantCulture)),
    };

    /// <summary>Six decimals, as losses are written; a power of ten where they would all be 0.</summary>
    /// <param name="value">The number.</param>
    public static string Loss(double value) => double.IsNaN(value) ? "–" : Math.Abs(value) is >= 1e-5 and < 1e5 or 0 ? Signed(value.ToString("F6", CultureInfo.InvariantCulture)) : Brief(value);

    /// <summary>All digits that the number has.</summary>
    /// <param name="value">The number.</param>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A whole number with groups of three digits.</summary>
    /// <param name="value">The number.</param>
    public static string Whole(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Four decimals, as the lesson writes predictions; a power of ten where there would be too many digits before them.</summary>
    /// <param name="value">The number.</param>
    public static string FourDecimals(double value) => Math.Abs(value) < 1e5 ? Signed(value.ToString("F4", CultureInfo.InvariantCulture)) : Brief(value);

    /// <summary>A share in percent; a dash for none.</summary>
    /// <param name="share">The share.</param>
    public static string Percent(double share) => double.IsNaN(share) ? "–" : string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#}%");

    /// <summary>A number in an attribute: never with a comma.</summary>
    /// <param name="value">The number.</param>
    public static string Attribute(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Signed(string number) => number.Replace('-', '−');
}
