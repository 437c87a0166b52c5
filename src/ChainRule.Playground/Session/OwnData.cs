using System.Globalization;
using System.Numerics.Tensors;
using ChainRule.Data;
using ChainRule.Training;

namespace ChainRule.Playground.Session;

/// <summary>Samples that somebody brought along as CSV, or drew.</summary>
public sealed class OwnData : IEquatable<OwnData>
{
    /// <summary>The most samples.</summary>
    public const int MaximumSamples = 2000;

    /// <summary>The most features of a sample: what the picture has room for.</summary>
    public const int MaximumFeatures = 16;

    /// <summary>The most classes.</summary>
    public const int MaximumClasses = 10;

    /// <summary>The fewest samples.</summary>
    public const int MinimumSamples = 1;

    /// <summary>The fewest points that are drawn before they are used.</summary>
    public const int LeastDrawn = 2;

    private const int LongestName = 60;

    /// <summary>Puts samples together.</summary>
    /// <param name="name">What people call them.</param>
    /// <param name="features">The numbers of a sample.</param>
    /// <param name="inputs">The samples, one after the other.</param>
    /// <param name="targets">The class index or the value of each.</param>
    /// <param name="classNames">The classes; empty for values.</param>
    /// <param name="featureNames">The features.</param>
    /// <param name="standardize">Whether they are brought to mean 0 and standard deviation 1.</param>
    /// <exception cref="FormatException">There are too many or too few, or they contradict each other.</exception>
    public OwnData(string name, int features, IReadOnlyList<double> inputs, IReadOnlyList<double> targets, IReadOnlyList<string> classNames, IReadOnlyList<string> featureNames, bool standardize)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(featureNames);
        Require(features, 1, MaximumFeatures, "features");
        Require(targets.Count, MinimumSamples, MaximumSamples, "samples");
        if (classNames.Count > 0)
        {
            Require(classNames.Count, 2, MaximumClasses, "classes");
        }

        if (inputs.Count != targets.Count * features || featureNames.Count != features)
        {
            throw new FormatException($"'{name}': {inputs.Count} numbers, {targets.Count} targets and {featureNames.Count} names are not samples of {features} features.");
        }

        foreach (double number in inputs.Concat(targets))
        {
            if (!double.IsFinite(number))
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{name}': expected finite numbers, got {number}."));
            }
        }

        foreach (double target in classNames.Count > 0 ? targets : [])
        {
            if (!(target >= 0 && target < classNames.Count && double.IsInteger(target)))
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{name}': expected classes from 0 to {classNames.Count - 1}, got {target}."));
            }
        }

        Name = Short(name);
        Features = features;
        Inputs = [.. inputs];
        Targets = [.. targets];
        ClassNames = [.. classNames.Select(Short)];
        FeatureNames = [.. featureNames.Select(Short)];
        Standardize = standardize;

        void Require(int count, int minimum, int maximum, string what)
        {
            if (count < minimum || count > maximum)
            {
                throw new FormatException($"'{name}' has {count} {what}: expected from {minimum} to {maximum}.");
            }
        }
    }

    /// <summary>What people call them.</summary>
    public string Name { get; }

    /// <summary>The numbers of a sample.</summary>
    public int Features { get; }

    /// <summary>The samples, one after the other.</summary>
    public IReadOnlyList<double> Inputs { get; }

    /// <summary>The class index or the value of each sample.</summary>
    public IReadOnlyList<double> Targets { get; }

    /// <summary>The classes; empty for values.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The features.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>Whether they are brought to mean 0 and standard deviation 1 before the network sees them.</summary>
    public bool Standardize { get; }

    /// <summary>The square that points are drawn on.</summary>
    public static Interval DrawnRange { get; } = new(-1.3, 1.3);

    /// <summary>Reads CSV text: the last column is the label, text or numbers.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="FormatException">It cannot be read, or holds too much; the message names the line where there is one.</exception>
    public static OwnData FromCsv(string text, string name)
    {
        try
        {
            using var reader = new StringReader(text);
            DataSet<double> set = CsvTable.Read(reader, name).ToDataSet<double>();
            int features = set.Features;
            IReadOnlyList<string> names = set.FeatureNames.Count > 0 ? set.FeatureNames : [.. Enumerable.Range(1, features).Select(i => $"x{i}")];
            return new OwnData(name, features, [.. set.Inputs], [.. set.Targets], set.ClassNames, names, standardize: true);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    /// <summary>Points in the plane that somebody drew.</summary>
    /// <param name="points">Their places and classes, 0 or 1.</param>
    /// <exception cref="FormatException">There are too many or too few.</exception>
    public static OwnData FromPoints(IReadOnlyList<DrawnPoint> points) =>
        new("drawn", 2, [.. points.SelectMany(point => new[] { point.X1, point.X2 })], [.. points.Select(point => (double)point.Class)], ["0", "1"], ["x1", "x2"], standardize: false);

    private static string Short(string text) => text.Length <= LongestName ? text : $"{text[..LongestName]}…";

    /// <summary>The samples as they are.</summary>
    internal DataSet<double> ToDataSet()
    {
        Tensor<double> inputs = Tensor.Create([.. Inputs], [Targets.Count, Features]);
        Tensor<double> targets = ClassNames.Count > 0 ? Tensor.Create([.. Targets], [Targets.Count]) : Tensor.Create([.. Targets], [Targets.Count, 1]);
        return new DataSet<double>(Name, inputs, targets, ClassNames, FeatureNames);
    }

    /// <inheritdoc/>
    public bool Equals(OwnData? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Name == other.Name && Features == other.Features && Standardize == other.Standardize && Inputs.SequenceEqual(other.Inputs) &&
        Targets.SequenceEqual(other.Targets) && ClassNames.SequenceEqual(other.ClassNames) && FeatureNames.SequenceEqual(other.FeatureNames));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OwnData);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Features, Targets.Count);
}

/// <summary>A point that somebody drew.</summary>
/// <param name="X1">To the right.</param>
/// <param name="X2">Up.</param>
/// <param name="Class">0 or 1.</param>
public readonly record struct DrawnPoint(double X1, double X2, int Class);
