using System.Numerics.Tensors;
using ChainRule.Serialization;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Data.Tests;

public sealed class NpzDataTests : IDisposable
{
    private static readonly Tensor<double> x = Tensor.Create([1.0, 2, 3, 4, 5, 6], [3, 2]);
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Whole_numbers_are_classes_and_others_values()
    {
        DataSet<double> classes = Read(Tensor.Create([0.0, 2, 1], [3]));
        Assert.Equal(["0", "1", "2"], classes.ClassNames);
        Assert.Equal(x, classes.Inputs);
        DataSet<double> values = Read(Tensor.Create([0.5, 2, 1], [3]));
        Assert.False(values.IsClassification);
        Assert.Equal([3, 1], values.Targets.Lengths.ToArray());
        Assert.Equal(2, Read(Tensor.Create([1.0, 2, 3, 4, 5, 6], [3, 2])).Outputs);
    }

    [Fact]
    public void Arrays_that_are_missing_or_do_not_fit_are_refused()
    {
        Assert.Contains("3 samples, and y with 2", Assert.Throws<InvalidDataException>(() => Read(Tensor.Create([0.0, 1], [2]))).Message, StringComparison.Ordinal);
        NpzFile.Write<double>(file, [new("data", x)]);
        Assert.Contains("got data", Assert.Throws<InvalidDataException>(() => NpzData.Read<double>(file)).Message, StringComparison.Ordinal);
        NpzFile.Write<double>(file, [new("X", x), new("y", Tensor.Create([0.0, 5, 1], [3]))]);
        Assert.Contains("got 5 for sample 1", Assert.Throws<InvalidDataException>(() => NpzData.Read<double>(file, ["a", "b"])).Message, StringComparison.Ordinal);
    }

    private DataSet<double> Read(Tensor<double> y)
    {
        NpzFile.Write<double>(file, [new("X", x), new("y", y)]);
        return NpzData.Read<double>(file);
    }
}
