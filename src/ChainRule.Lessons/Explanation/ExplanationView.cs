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
        $"{string.Join(" → ", Pass.Layers.Select(layer => layer.Description))}, {Pass.LossName}; {(Pass.Samples == 1 ? Format(Text.SampleOf, Pass.SampleNumbers[0], Data) : Format(Text.SamplesOf, Pass.Samples, Data))}";

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

    /// <summary>A composite format with its arguments.</summary>
    internal static string Format(string format, params ReadOnlySpan<object?> arguments) => string.Format(CultureInfo.InvariantCulture, format, arguments);

    /// <summary>Ten digits, so that opinions can be compared.</summary>
    internal static string Digits(double value) => value.ToString("0.000000000e-0", CultureInfo.InvariantCulture).Replace('-', '−');
}
