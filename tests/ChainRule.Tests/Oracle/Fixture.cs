using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using Xunit;

namespace ChainRule.Tests.Oracle;

/// <summary>The numbers that NumPy and PyTorch printed, and the comparison with them.</summary>
/// <remarks>
/// <para>
/// A value may differ from the expected one by 10⁻¹² of it in double precision and by 10⁻⁵ in single precision: value by
/// value, however small it is beside its neighbours.
/// </para>
/// <para>
/// Where a value is a sum whose terms may cancel, no order of additions can keep its digits: the rounding of the largest term
/// remains. There the fixture has a "scale" beside the values, the magnitude of the largest term (for whole networks and for
/// optimizers after many steps: the tensor's largest entry), and the same fraction of the scale is allowed.
/// </para>
/// <para>Below the smallest normal number of the type its digits end; up to that much may be missing.</para>
/// </remarks>
internal static class Fixture
{
    private static readonly ConcurrentDictionary<string, JsonElement> Documents = new();

    /// <summary>A fixture as a whole.</summary>
    public static JsonElement Read(string file) => Documents.GetOrAdd(file, static name =>
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", name)));
        return document.RootElement.Clone();
    });

    /// <summary>The names of all cases of a fixture, for a theory in double precision.</summary>
    public static TheoryData<string> Cases(string file) => [.. Names(file, static _ => true)];

    /// <summary>The names of the cases whose inputs exist in single precision.</summary>
    public static TheoryData<string> SinglePrecisionCases(string file) => [.. Names(file, IsSinglePrecision)];

    /// <summary>The same over all fixtures whose name begins so, with the file of each case.</summary>
    public static TheoryData<string, string> CasesOfFamily(string beginning) => OfFamily(beginning, static _ => true);

    /// <summary>Of them, the cases that have a property.</summary>
    public static TheoryData<string, string> CasesOfFamily(string beginning, string property) => OfFamily(beginning, test => test.TryGetProperty(property, out _));

    /// <inheritdoc cref="SinglePrecisionCases"/>
    public static TheoryData<string, string> SinglePrecisionCasesOfFamily(string beginning) => OfFamily(beginning, IsSinglePrecision);

    /// <summary>One case by its name.</summary>
    public static JsonElement Case(string file, string name) =>
        Read(file).GetProperty("cases").EnumerateArray().Single(test => test.GetProperty("name").GetString() == name);

    /// <summary>A tensor of a fixture. Inputs are exact in single precision too.</summary>
    public static Tensor<T> Tensor<T>(JsonElement tensor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] values = [.. tensor.GetProperty("values").EnumerateArray().Select(value => T.CreateTruncating(value.GetDouble()))];
        nint[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(length => (nint)length.GetInt32())];
        return System.Numerics.Tensors.Tensor.Create(values, shape);
    }

    /// <summary>Sets parameters to the values that a fixture has under their names, and to nothing else.</summary>
    public static void Load<T>(JsonElement values, IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.Equal(values.EnumerateObject().Select(value => value.Name), parameters.Select(parameter => parameter.Name));
        foreach (Parameter<T> parameter in parameters)
        {
            Tensor<T> value = Tensor<T>(values.GetProperty(parameter.Name));
            Assert.Equal(value.Lengths.ToArray(), parameter.Value.Lengths.ToArray());
            value.CopyTo(parameter.Value);
        }
    }

    /// <summary>Asserts that a tensor has the shape and, within the tolerance, the values of a fixture; names the worst value where not.</summary>
    public static void Equal<T>(JsonElement expected, Tensor<T> actual, string what)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        nint[] shape = [.. expected.GetProperty("shape").EnumerateArray().Select(length => (nint)length.GetInt32())];
        Assert.True(actual.Lengths.SequenceEqual(shape), $"{what}: expected the shape ({string.Join(", ", shape)}), got ({string.Join(", ", actual.Lengths.ToArray())}).");
        Equal(expected, actual.ToArray(), shape, what);
    }

    /// <summary>The same for a single number.</summary>
    public static void Equal<T>(JsonElement expected, T actual, string what)
        where T : unmanaged, IFloatingPointIeee754<T> => Equal(expected, [actual], [], what);

    private static void Equal<T>(JsonElement expected, T[] actual, nint[] shape, string what)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (double tolerance, double smallestNormal) = typeof(T) == typeof(double) ? (1e-12, 2.2250738585072014e-308) : (1e-5, 1.1754943508222875e-38);
        double[] values = [.. expected.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        Assert.Equal(values.Length, actual.Length);
        int worst = -1;
        double worstExcess = 1;
        for (int i = 0; i < values.Length; i++)
        {
            double allowed = Math.Max(tolerance * Magnitude(expected, values, i), smallestNormal);
            double excess = Math.Abs(double.CreateTruncating(actual[i]) - values[i]) / allowed;
            if (!(excess <= worstExcess))
            {
                (worst, worstExcess) = (i, double.IsNaN(excess) ? double.PositiveInfinity : excess);
            }
        }

        if (worst >= 0)
        {
            double e = values[worst];
            double a = double.CreateTruncating(actual[worst]);
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{what}{Index(worst, shape)} in {typeof(T).Name}: expected {e:R}, got {a:R}; off by {Math.Abs(a - e) / Magnitude(expected, values, worst):E2} of {Magnitude(expected, values, worst):G3}, allowed {tolerance:E0}."));
        }
    }

    /// <summary>What the error of a value is seen in relation to: the value, or the largest term of the sum that it is.</summary>
    private static double Magnitude(JsonElement expected, double[] values, int index)
    {
        if (!expected.TryGetProperty("scale", out JsonElement scale))
        {
            return Math.Abs(values[index]);
        }

        double term = scale.ValueKind == JsonValueKind.Array ? scale[index].GetDouble() : scale.GetDouble();
        return Math.Max(Math.Abs(values[index]), term);
    }

    /// <summary>Where a value is, e.g. [2, 0]; nothing for a single number.</summary>
    private static string Index(int position, nint[] shape)
    {
        nint[] index = new nint[shape.Length];
        nint rest = position;
        for (int dimension = shape.Length - 1; dimension >= 0; dimension--)
        {
            (rest, index[dimension]) = Math.DivRem(rest, shape[dimension]);
        }

        return index.Length == 0 ? "" : $"[{string.Join(", ", index)}]";
    }

    private static bool IsSinglePrecision(JsonElement test) => !test.TryGetProperty("doubleOnly", out _);

    private static TheoryData<string, string> OfFamily(string beginning, Func<JsonElement, bool> isWanted)
    {
        var cases = new TheoryData<string, string>();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "fixtures"), $"{beginning}*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal))
        {
            foreach (string name in Names(file, isWanted))
            {
                cases.Add(file, name);
            }
        }

        return cases;
    }

    private static IEnumerable<string> Names(string file, Func<JsonElement, bool> isWanted) =>
        Read(file).GetProperty("cases").EnumerateArray().Where(isWanted).Select(test => test.GetProperty("name").GetString()!);
}
