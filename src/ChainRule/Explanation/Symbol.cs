using System.Globalization;
using System.Text;

namespace ChainRule.Explanation;

/// <summary>What a formula calls a quantity: a letter, the number of its layer, and the place inside it, e.g. W1[0,3], z1[3] or L.</summary>
/// <param name="Letter">x for the input, z for the output of a layer with parameters, a for an activation, W, b, y, L, …</param>
/// <param name="Layer">The number of the layer, counting those that have parameters from 1; null for x, y and L, of which there is one.</param>
/// <param name="Indices">The place inside the tensor, without the sample; empty for all of it.</param>
public sealed record Symbol(string Letter, int? Layer, IReadOnlyList<int> Indices)
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>The loss.</summary>
    public static Symbol Loss { get; } = new("L", null, []);

    /// <summary>
    /// The position of the sample in the batch, where it has to be said: in a layer that lets samples see each other, a path
    /// may change from one to the other. Else null.
    /// </summary>
    public int? Sample { get; init; }

    /// <summary>The same in words without brackets, for the id of an element on a page: W1-0-3, z1-3, L.</summary>
    public string Id => Sample is { } sample ? string.Create(CultureInfo.InvariantCulture, $"{Plain("-")}-s{sample}") : Plain("-");

    /// <summary>The whole tensor: the same without indices.</summary>
    public Symbol Whole() => this with { Indices = [], Sample = null };

    /// <summary>E.g. W1[0,3].</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Letter);
        if (Layer is { } layer)
        {
            string number = layer.ToString(CultureInfo.InvariantCulture);

            // A word may end with a digit of its own, as weight_ih_l0 does.
            text.Append(Letter.TrimEnd('′').Length == 1 ? number : $"⁽{string.Concat(number.Select(digit => Superscripts[digit - '0']))}⁾");
        }

        if (Sample is { } sample)
        {
            text.Append(CultureInfo.InvariantCulture, $"{{{sample}}}");
        }

        return Indices.Count == 0 ? text.ToString() : text.Append('[').AppendJoin(',', Indices).Append(']').ToString();
    }

    /// <inheritdoc/>
    public bool Equals(Symbol? other) =>
        other is not null && Letter == other.Letter && Layer == other.Layer && Sample == other.Sample && Indices.SequenceEqual(other.Indices);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Letter, StringComparer.Ordinal);
        hash.Add(Layer);
        hash.Add(Sample);
        foreach (int index in Indices)
        {
            hash.Add(index);
        }

        return hash.ToHashCode();
    }

    private string Plain(string separator) => string.Join(separator, [string.Create(CultureInfo.InvariantCulture, $"{Letter.Replace('′', 'p')}{Layer}"), .. Indices.Select(index => index.ToString(CultureInfo.InvariantCulture))]);
}
