using System.Text.Json;
using Xunit;

namespace ChainRule.Lessons.Tests;

/// <summary>The numbers that NumPy printed for the reference lesson, and how near ours must be.</summary>
internal static class Reference
{
    private static readonly JsonElement root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", "lesson.json"))).RootElement;

    /// <summary>A member of the document, by its names from the top down.</summary>
    public static JsonElement At(params ReadOnlySpan<string> names)
    {
        JsonElement element = root;
        foreach (string name in names)
        {
            element = element.GetProperty(name);
        }

        return element;
    }

    /// <summary>A number of the document.</summary>
    public static double Number(params ReadOnlySpan<string> names) => At(names).GetDouble();

    /// <summary>All numbers of an array of the document, row by row.</summary>
    public static double[] Numbers(params ReadOnlySpan<string> names) => [.. Flatten(At(names))];

    /// <summary>Asserts |actual − expected| ≤ tolerance · |expected|.</summary>
    public static void AssertRelative(double expected, double actual, double tolerance, string what) =>
        Assert.True(
            Math.Abs(actual - expected) <= tolerance * Math.Abs(expected),
            $"{what}: expected {expected:R}, got {actual:R}, relative difference {Math.Abs(actual - expected) / Math.Abs(expected):E2}, allowed {tolerance:E0}.");

    /// <summary>Asserts the same for every element.</summary>
    public static void AssertRelative(IReadOnlyList<double> expected, IEnumerable<double> actual, double tolerance, string what)
    {
        double[] values = [.. actual];
        Assert.Equal(expected.Count, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            AssertRelative(expected[i], values[i], tolerance, $"{what}[{i}]");
        }
    }

    private static IEnumerable<double> Flatten(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Flatten) : [element.GetDouble()];
}
