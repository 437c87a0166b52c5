using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics.Tensors;
using System.Text;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Serialization;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Tests.Serialization;

/// <summary>
/// What is in a file is not always meant well. Numbers that are not finite are numbers, and come back as they are; archives that lie,
/// names that come twice and texts that are no texts are refused. Shapes that lie have tests of their own beside each format's.
/// </summary>
public sealed class HostileFileTests : IDisposable
{
    // A NaN with a message of its own in it, both infinities, both zeros, the smallest number.
    private static readonly double[] unusual = [BitConverter.Int64BitsToDouble(0x7FF8_0000_DEAD_BEEF), double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, double.Epsilon];

    private readonly string folder = Directory.CreateTempSubdirectory("hostile-").FullName;

    private static Tensor<double> Unusual => Tensor.Create(unusual, [2, 3]);

    private string File => Path.Combine(folder, "file");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void NaN_and_infinity_come_back_bit_for_bit_from_npy()
    {
        NpyFile.Write(File, Unusual);
        AssertUnusual(NpyFile.Read<double>(File));
        Assert.Equal([float.NaN, float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 0f], NpyFile.Read<float>(File));
    }

    [Fact]
    public void NaN_and_infinity_come_back_bit_for_bit_from_npz()
    {
        NpzFile.Write<double>(File, [new("X", Unusual)]);
        AssertUnusual(NpzFile.Read<double>(File).Tensors["X"]);
    }

    [Fact]
    public void NaN_and_infinity_come_back_bit_for_bit_from_safetensors()
    {
        SafeTensors.Write<double>(File, [new("X", Unusual)]);
        AssertUnusual(SafeTensors.Read<double>(File).Tensors["X"]);
    }

    /// <summary>The library takes a model with any weights, as PyTorch does; the commands refuse to use one that is not finite.</summary>
    [Fact]
    public void NaN_and_infinite_weights_come_back_bit_for_bit_from_a_model_file()
    {
        ModelFile.Write(File, Model(Unusual, 2));
        AssertUnusual(ModelFile.Read<double>(File).Network.Parameters[0].Value);
    }

    [Fact]
    public void A_normalisation_that_is_not_finite_is_refused_in_a_model_file()
    {
        ModelFile.Write(File, Model(Unusual, 12345));
        ReplaceInFile("12345", "1e307");
        Assert.Equal(1e307, ModelFile.Read<double>(File).Normalization!.Scale[0]);
        ReplaceInFile("1e307", "1e999");
        AssertRefused(() => ModelFile.Read<double>(File), "the normalisation has a number that is not finite");
    }

    /// <summary>Every entry is honest, and all of them are the same bytes: a few kilobytes that unpack to sixty megabytes.</summary>
    [Fact]
    public void An_archive_whose_entries_lie_on_top_of_each_other_is_refused()
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = archive.CreateEntry("000.npy", CompressionLevel.SmallestSize).Open();
            NpyFile.Write(entry, Tensor.CreateFromShape<double>([30_000]));
        }

        byte[] one = packed.ToArray();
        byte[] bomb = Repeat(one, 250);
        Assert.InRange(bomb.Length, 0, 20_000);
        AssertRefused(() => NpzFile.Read<double>(new MemoryStream(bomb), "bomb.npz"), "no honest archive does");
        Assert.Equal(["000", "001"], NpzFile.Read<double>(new MemoryStream(Repeat(one, 2)), "two.npz").Tensors.Keys); // the trick works
    }

    [Fact]
    public void Names_that_come_twice_are_refused_in_npz()
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (int i = 0; i < 2; i++)
            {
                using Stream entry = archive.CreateEntry("X.npy").Open();
                NpyFile.Write(entry, Unusual);
            }
        }

        AssertRefused(() => NpzFile.Read<double>(new MemoryStream(packed.ToArray()), "twice.npz"), "two arrays called 'X'");
    }

    [Theory]
    [InlineData("../../outside")]
    [InlineData("/etc/outside")]
    [InlineData("C:\\outside")]
    public void A_path_as_the_name_of_an_array_is_a_name_and_writes_nothing(string name)
    {
        NpzFile.Write<double>(File, [new(name, Unusual)]);
        Assert.Equal([name], NpzFile.Read<double>(File).Tensors.Keys);
        SafeTensors.Write<double>(File, [new(name, Unusual)]);
        Assert.Equal([name], SafeTensors.Read<double>(File).Tensors.Keys);
        Assert.Equal([File], Directory.GetFiles(folder));
        Assert.False(System.IO.File.Exists(Path.GetFullPath(Path.Combine(folder, name))));
    }

    [Fact]
    public void Names_that_come_twice_are_refused_in_safetensors()
    {
        SafeTensors.Write<double>(File, [new("aa", Unusual), new("ab", Unusual)]);
        ReplaceInFile("\"ab\"", "\"aa\"");
        AssertRefused(() => SafeTensors.Read<double>(File), "header is broken");
        Assert.Throws<ArgumentException>(() => SafeTensors.Write<double>(File, [new("a", Unusual), new("a", Unusual)]));
    }

    [Fact]
    public void Invalid_UTF_8_is_refused_in_the_header_of_safetensors()
    {
        SafeTensors.Write<double>(File, [new("name", Unusual)], new Dictionary<string, string> { ["key"] = "text" });
        byte[] whole = System.IO.File.ReadAllBytes(File);
        foreach (string part in (string[])["name", "key\"", "text"])
        {
            byte[] broken = [.. whole];
            broken[broken.AsSpan().IndexOf(Encoding.ASCII.GetBytes(part))] = 0xFF;
            AssertRefused(() => SafeTensors.Parse<double>(broken, "broken.safetensors"), "header is broken");
        }
    }

    [Fact]
    public void Invalid_UTF_8_is_refused_or_harmless_in_the_header_of_npy()
    {
        NpyFile.Write(File, Unusual);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        for (int i = 10; i < 128; i++)
        {
            byte[] broken = [.. whole];
            broken[i] = 0xFF;
            try
            {
                AssertUnusual(NpyFile.Read<double>(new MemoryStream(broken), "broken.npy"));
            }
            catch (InvalidDataException exception)
            {
                Assert.Contains("'broken.npy'", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Invalid_UTF_8_is_refused_in_the_metadata_of_a_model()
    {
        ModelFile.Write(File, Model(Unusual, 2));
        byte[] broken = System.IO.File.ReadAllBytes(File);
        broken[broken.AsSpan().IndexOf("feature"u8)] = 0xFF;
        AssertRefused(() => ModelFile.Parse<double>(broken, "broken"), "broken");
    }

    [Theory]
    [InlineData("4294967296,4294967297")]
    [InlineData("9223372036854775807,2")]
    [InlineData("-1,-6")]
    [InlineData("2147483647,2147483647")]
    public void Shapes_whose_product_overflows_or_is_negative_are_refused_in_safetensors(string shape)
    {
        byte[] header = Encoding.ASCII.GetBytes("""{"a":{"dtype":"F64","shape":[?],"data_offsets":[0,48]}}""".Replace("?", shape, StringComparison.Ordinal));
        AssertRefused(() => SafeTensors.Parse<double>([.. BitConverter.GetBytes((ulong)header.Length), .. header, .. new byte[48]], "file"), "'file'");
    }

    private static TrainedModel<double> Model(Tensor<double> weights, double scale)
    {
        var network = new Sequential<double>(new Linear<double>(2, 3, new NumPyRandom(1)), new ReLU<double>(), new Linear<double>(3, 2, new NumPyRandom(2)));
        weights.AsSpan().CopyTo(network.Parameters[0].Value.AsSpan());
        return new TrainedModel<double>(network, Objective.ForClasses(LossKind.CrossEntropy, 2), new Normalization([0, 1], [scale, 1]), ["no", "yes"], ["x", "y"]);
    }

    private static void AssertUnusual(Tensor<double> tensor) =>
        Assert.Equal(unusual.Select(BitConverter.DoubleToInt64Bits), tensor.Select(BitConverter.DoubleToInt64Bits));

    private static void AssertRefused(Action read, string problem) =>
        Assert.Contains(problem, Assert.Throws<InvalidDataException>(read).Message, StringComparison.Ordinal);

    /// <summary>Names the one entry of an archive many times in its directory.</summary>
    private static byte[] Repeat(byte[] archive, int count)
    {
        int directory = archive.AsSpan().IndexOf("PK\u0001\u0002"u8);
        int end = archive.AsSpan().IndexOf("PK\u0005\u0006"u8);
        byte[] record = archive[directory..end];
        int nameAt = record.AsSpan().IndexOf("000.npy"u8);
        using var written = new MemoryStream();
        written.Write(archive, 0, directory);
        for (int i = 0; i < count; i++)
        {
            Encoding.ASCII.GetBytes($"{i:000}.npy").CopyTo(record, nameAt);
            written.Write(record);
        }

        byte[] tail = archive[end..];
        BinaryPrimitives.WriteUInt16LittleEndian(tail.AsSpan(8), (ushort)count);
        BinaryPrimitives.WriteUInt16LittleEndian(tail.AsSpan(10), (ushort)count);
        BinaryPrimitives.WriteUInt32LittleEndian(tail.AsSpan(12), (uint)(record.Length * count));
        written.Write(tail);
        return written.ToArray();
    }

    private void ReplaceInFile(string from, string to) =>
        System.IO.File.WriteAllBytes(File, Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(System.IO.File.ReadAllBytes(File)).Replace(from, to, StringComparison.Ordinal)));
}
