using System.IO.Compression;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Training;

namespace ChainRule.Data.Digits;

/// <summary>
/// 1,797 handwritten digits of 8×8 pixels, which are whole numbers from 0 to 16. Source: Alpaydin and Kaynak, Optical Recognition
/// of Handwritten Digits (UCI Machine Learning Repository, 1998, https://doi.org/10.24432/C50P49), its test part; CC BY 4.0.
/// </summary>
public static class HandwrittenDigits
{
    private const int Samples = 1797;
    private const int Pixels = 64;
    private const int Classes = 10;

    /// <summary>Unpacks the digits: inputs of shape (1797, 64), row by row of each picture, and ten classes.</summary>
    public static DataSet<T> Load<T>()
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // The resource is gzip over 1,797 records of 65 bytes: the pixels, then the digit.
        using Stream resource = typeof(HandwrittenDigits).Assembly.GetManifestResourceStream("digits.bin.gz")!;
        using var unpacked = new GZipStream(resource, CompressionMode.Decompress);
        byte[] record = new byte[Pixels + 1];
        T[] inputs = new T[Samples * Pixels];
        T[] targets = new T[Samples];
        for (int i = 0; i < Samples; i++)
        {
            unpacked.ReadExactly(record);
            TensorPrimitives.ConvertTruncating<byte, T>(record.AsSpan(0, Pixels), inputs.AsSpan(i * Pixels));
            targets[i] = T.CreateTruncating(record[Pixels]);
        }

        return new DataSet<T>(
            "digits",
            Tensor.Create(inputs, [Samples, Pixels]),
            Tensor.Create(targets, [Samples]),
            [.. Enumerable.Range(0, Classes).Select(digit => $"{digit}")]);
    }
}
