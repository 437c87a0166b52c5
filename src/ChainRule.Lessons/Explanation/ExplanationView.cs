using System.Globalization;
using ChainRule.Explanation;
using ChainRule.Lessons.Text;
using ChainRule.Verification;

namespace ChainRule.Lessons.Explanation;

/// <summary>What is to be rendered, and in whose words: a whole pass, or the derivation of one weight in it.</summary>
/// <param name="Pass">The pass.</param>
/// <param name="Derivation">The derivation; null for the whole pass.</param>
/// <param name="Data">The name of the data, e.g. xor.</param>
/// <param name="Text">The words.</param>
public sealed record ExplanationView(NetworkPass Pass, Derivation? Derivation, string Data, ExplanationText Text)
{
    /// <summary>The derivation of one weight.</summary>
    public static ExplanationView Of(Derivation derivation, string data, Language language)
    {
        ArgumentNullException.ThrowIfNull(derivation);
        return new ExplanationView(derivation.Pass, derivation, data, ExplanationText.In(language));
    }

    /// <summary>A whole pass.</summary>
    public static ExplanationView Of(NetworkPass pass, string data, Language language) => new(pass, null, data, ExplanationText.In(language));

    /// <summary>The title.</summary>
    internal string Title => Derivation is null ? Text.PassTitle : Format(Text.Title, Derivation.Target.Name);

    /// <summary>The network, the loss and the samples.</summary>
    internal string Subtitle =>
        $"{string.Join(" → ", Pass.Layers.Select(layer => layer.Description))}, {Pass.LossName}; {Samples}";

    /// <summary>What is said of the paths that are not named.</summary>
    internal string MorePaths(double count) => count == 1 ? Text.OneMorePath : Format(Text.MorePaths, count);

    /// <summary>What a mean divides by: N values or m rows; null where it is 1, or where the formula of the loss does not say it.</summary>
    internal Formula.Variable? Count => Pass.LossGradientFormula is Formula.Quotient { Denominator: Formula.Variable count } && !double.IsNaN(count.Value) ? count : null;

    /// <summary>
    /// The targets as formulas take them: where they are the numbers of classes, a row for each with 1 in the place of its class
    /// and 0 elsewhere.
    /// </summary>
    internal IReadOnlyList<double> Targets
    {
        get
        {
            int classes = Pass.Layers[^1].Shape[^1];
            return !TargetsAreClasses ? Pass.Targets : [.. Pass.Targets.SelectMany(target => Enumerable.Range(0, classes).Select(j => j == (int)target ? 1.0 : 0))];
        }
    }

    /// <summary>Whether each target is the number of a class.</summary>
    internal bool TargetsAreClasses => Pass.Targets.Count < Pass.Layers[^1].Values.Count;

    /// <summary>The opinions, each with its name and its number.</summary>
    internal IReadOnlyList<(string Name, string Value)> Opinions()
    {
        Opinions opinions = Derivation!.Opinions;
        return
        [
            (Text.ByHand, Digits(opinions.ByHand)),
            (Text.SumOfPaths, Digits(opinions.Paths)),
            (Text.Autodiff, opinions.Autodiff is { } autodiff ? Digits(autodiff) : Text.NoOpinion),
            (Text.Numeric, Digits(opinions.Numeric)),
            (Text.Verdict, Verdict(opinions.Verdict)),
        ];
    }

    /// <summary>A verdict in words.</summary>
    internal string Verdict(GradientVerdict verdict) => verdict switch
    {
        GradientVerdict.Fail => Text.Fail,
        GradientVerdict.Kink => Text.Kink,
        _ => Text.Pass,
    };

    /// <summary>The samples and the data that they are of.</summary>
    internal string Samples
    {
        get
        {
            IReadOnlyList<int> numbers = Pass.SampleNumbers;
            return numbers.Count == 1 ? Format(Text.SampleOf, numbers[0], Data)
                : numbers.SequenceEqual(Enumerable.Range(numbers[0], numbers.Count)) ? Format(Text.SamplesFromTo, numbers[0], numbers[^1], Data)
                : Format(Text.SamplesOf, numbers.Count, Data);
        }
    }

    /// <summary>A composite format with its arguments.</summary>
    internal static string Format(string format, params ReadOnlySpan<object?> arguments) => string.Format(CultureInfo.InvariantCulture, format, arguments);

    /// <summary>Ten digits, so that opinions can be compared.</summary>
    internal static string Digits(double value) =>
        value == 0 ? "0" : value.ToString(Math.Abs(value) is >= 1e-2 and < 1e3 ? "0.0000000000" : "0.000000000e-0", CultureInfo.InvariantCulture).Replace('-', '−');
}
