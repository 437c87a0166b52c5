using System.Security.Cryptography;
using ChainRule.Data.Digits;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Data.Tests;

public sealed class HandwrittenDigitsTests
{
    /// <summary>The checksum is that of Debian's digits.csv.gz (python3-sklearn 1.2.1), each number as a byte.</summary>
    [Fact]
    public void They_are_those_of_the_repository()
    {
        DataSet<double> digits = HandwrittenDigits.Load<double>();
        Assert.Equal([1797, 64], digits.Inputs.Lengths.ToArray());
        double[] pixels = [.. digits.Inputs];
        double[] labels = [.. digits.Targets];
        byte[] bytes = [.. Enumerable.Range(0, 1797).SelectMany(i => pixels[(i * 64)..((i + 1) * 64)].Append(labels[i])).Select(value => (byte)value)];
        Assert.Equal("68aea062d35a127749050fa0e52dca09d6569ac08092c925610e0954e172dde2", Convert.ToHexStringLower(SHA256.HashData(bytes)));
        Assert.Equal([178, 182, 177, 183, 181, 182, 181, 179, 174, 180], Enumerable.Range(0, 10).Select(digit => labels.Count(label => label == digit)));
        Assert.Equal([0, 0, 5, 13, 9, 1, 0, 0], pixels[..8]);
        Assert.Equal(10, digits.Outputs);
    }

    [Fact]
    public void Single_precision_holds_the_same_numbers() =>
        Assert.Equal(HandwrittenDigits.Load<double>().Inputs, HandwrittenDigits.Load<float>().Inputs.Select(pixel => (double)pixel));
}
