using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics.Tensors;
using ChainRule.Training;
using CsCheck;
using Xunit;

namespace ChainRule.Data.Tests;

public sealed class IdxTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("idx-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_is_read_plain_or_packed(bool packed)
    {
        WriteFolder(packed);
        (DataSet<float> training, DataSet<float> test) = IdxFolder.Read<float>(folder, "tiny");
        Assert.Equal([3, 4], training.Inputs.Lengths.ToArray());
        Assert.Equal([0, 51 / 255f, 102 / 255f, 1], training.Inputs.Take(4));
        Assert.Equal([2, 0, 1], training.Targets);
        Assert.Equal(2, test.Count);
        Assert.Equal(["0", "1", "2"], test.ClassNames);
    }

    [Fact]
    public void A_named_set_is_found_in_the_folder_that_is_said()
    {
        WriteFolder(packed: true);
        Assert.Equal(3, NamedData.Read<double>("mnist", folder).Training.Count);
        Assert.Throws<ArgumentException>(() => NamedData.Read<double>("cifar", folder));
    }

    [Fact]
    public void Missing_files_are_named_with_the_places_where_they_were_looked_for()
    {
        FileNotFoundException exception = Assert.Throws<FileNotFoundException>(() => NamedData.Read<double>("mnist", folder));
        Assert.Contains("train-images-idx3-ubyte", exception.Message, StringComparison.Ordinal);
        Assert.Contains(folder, exception.Message, StringComparison.Ordinal);
        Assert.Contains("lacks the file", Assert.Throws<InvalidDataException>(() => IdxFolder.Read<double>(folder, "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_are_too_few_or_too_large_are_refused()
    {
        WriteFolder(packed: false);
        Assert.Contains("at most 1", Assert.Throws<InvalidDataException>(() => IdxFolder.Read<double>(folder, "x", ["a", "b"])).Message, StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(folder, "t10k-labels-idx1-ubyte"), Idx([1], [0]));
        Assert.Contains("2 pictures and 1 labels", Assert.Throws<InvalidDataException>(() => IdxFolder.Read<double>(folder, "x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { }, "two zero bytes")]
    [InlineData(new byte[] { 1, 0, 8, 1, 0, 0, 0, 1, 7 }, "two zero bytes")]
    [InlineData(new byte[] { 0, 0, 0x0D, 1, 0, 0, 0, 1, 7 }, "type 0x0D")]
    [InlineData(new byte[] { 0, 0, 8, 9 }, "in 9")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0 }, "within its header")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 2, 7 }, "2 values, and there are 1")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 7, 7 }, "1 values, and there are more")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 0 }, "dimension 0 is 0")]
    [InlineData(new byte[] { 0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255 }, "dimension 0 is 4294967295")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0x3F, 0, 0, 0, 7 }, "there are 1")]
    public void Broken_files_are_refused(byte[] file, string problem)
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => IdxFile.Read<float>(new MemoryStream(file), "x.idx"));
        Assert.Contains("'x.idx'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_packed_file_is_refused_whatever_is_damaged()
    {
        string path = Path.Combine(folder, "x.gz");
        byte[] good = Packed(Idx([5, 3], [.. Enumerable.Range(0, 15).Select(i => (byte)i)]));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length], Gen.Bool).Sample(
            (position, value, length, cut) =>
            {
                byte[] bad = [.. good];
                bad[position] = value;
                File.WriteAllBytes(path, cut ? bad[..length] : bad);
                try
                {
                    IdxFile.Read<float>(path);
                }
                catch (InvalidDataException)
                {
                    // The documented answer.
                }
            },
            iter: 2000,
            threads: 1); // they share a file
    }

    /// <summary>The real thing, where Debian's package is installed.</summary>
    [Fact]
    public void Fashion_mnist_has_its_60000_and_10000_pictures()
    {
        if (!IdxFolder.IsComplete("/usr/share/datasets/fashion-mnist"))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "CI installs dataset-fashion-mnist, and it is not here.");
            Assert.Skip("Fashion-MNIST is not here; on Debian: apt-get install dataset-fashion-mnist.");
        }

        (DataSet<float> training, DataSet<float> test) = NamedData.Read<float>("fashion-mnist");
        Assert.Equal((60_000, 10_000, 784, 10), (training.Count, test.Count, training.Features, training.Outputs));
        Assert.All(Enumerable.Range(0, 10), index => Assert.Equal(6000, training.Targets.Count(target => target == index)));
        Assert.Equal("Ankle boot", training.ClassNames[(int)training.Targets[0]]);
        Assert.Equal((0f, 1f), (Tensor.Min<float>(training.Inputs), Tensor.Max<float>(training.Inputs)));
    }

    private void WriteFolder(bool packed)
    {
        void Write(string file, byte[] content) => File.WriteAllBytes(Path.Combine(folder, packed ? $"{file}.gz" : file), packed ? Packed(content) : content);
        Write("train-images-idx3-ubyte", Idx([3, 2, 2], [0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8]));
        Write("train-labels-idx1-ubyte", Idx([3], [2, 0, 1]));
        Write("t10k-images-idx3-ubyte", Idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]));
        Write("t10k-labels-idx1-ubyte", Idx([2], [1, 1]));
    }

    private static byte[] Idx(int[] shape, byte[] values)
    {
        byte[] lengths = new byte[4 * shape.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(lengths.AsSpan(4 * i), shape[i]);
        }

        return [0, 0, 8, (byte)shape.Length, .. lengths, .. values];
    }

    private static byte[] Packed(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var packer = new GZipStream(stream, CompressionLevel.Optimal))
        {
            packer.Write(content);
        }

        return stream.ToArray();
    }
}
