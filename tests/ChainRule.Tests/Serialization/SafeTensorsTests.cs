using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Text;
using ChainRule.Serialization;
using CsCheck;
using Xunit;

namespace ChainRule.Tests.Serialization;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("safetensors-").FullName;

    private string Path => System.IO.Path.Combine(folder, "model.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_was_written_comes_back_bit_for_bit() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 5], Gen.Double.Array[25]).Sample(
            (rows, columns, values) =>
            {
                Tensor<double> tensor = Tensor.Create(values[..(rows * columns)], [rows, columns]);
                Tensor<double> scalar = Tensor.Create([double.NaN], [1]);
                SafeTensors.Write<double>(Path, [new("a.weight", tensor), new("β \"quoted\"", scalar)], new Dictionary<string, string> { ["format"] = "pt" });
                NamedTensors<double> read = SafeTensors.Read<double>(Path);
                Assert.Equal(["a.weight", "β \"quoted\""], read.Tensors.Keys);
                Assert.Equal(tensor.Lengths, read.Tensors["a.weight"].Lengths);
                Assert.Equal(tensor.Select(BitConverter.DoubleToInt64Bits), read.Tensors["a.weight"].Select(BitConverter.DoubleToInt64Bits));
                Assert.True(double.IsNaN(read.Tensors["β \"quoted\""][0]));
                Assert.Equal("pt", read.Metadata["format"]);
                Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(Path)) % 8);
            },
            iter: 50,
            threads: 1); // they share a file

    [Fact]
    public void Every_type_is_read()
    {
        AssertRead("F64", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F], 1.5);
        AssertRead("F32", [0, 0, 0xC0, 0x3F], 1.5);
        AssertRead("F16", [0x00, 0x3E], 1.5);
        AssertRead("BF16", [0xC0, 0x3F], 1.5);
        AssertRead("I64", [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], -2);
        AssertRead("I32", [0xFE, 0xFF, 0xFF, 0xFF], -2);
        AssertRead("I16", [0xFE, 0xFF], -2);
        AssertRead("I8", [0xFE], -2);
        AssertRead("U64", [2, 0, 0, 0, 0, 0, 0, 0], 2);
        AssertRead("U32", [2, 0, 0, 0], 2);
        AssertRead("U16", [2, 1], 258);
        AssertRead("U8", [254], 254);
        AssertRead("BOOL", [1], 1);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "takes 12 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "impossible shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "impossible shape")]
    [InlineData("""{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}""", 8, "unknown type C64")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "start at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "start at 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "header is broken")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "header is broken")]
    [InlineData("""{"a":7}""", 0, "header is broken")]
    [InlineData("""[1]""", 0, "header is broken")]
    [InlineData("""{"a":""", 0, "header is broken")]
    public void A_lying_header_is_refused(string header, int dataBytes, string problem)
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => SafeTensors.Parse<float>(File_(header, new byte[dataBytes]), "x.safetensors"));
        Assert.Contains("'x.safetensors'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_and_truncated_files_are_refused()
    {
        foreach (byte[] file in new[] { [], [1, 2, 3], "this is not a model"u8.ToArray(), [255, 255, 255, 255, 255, 255, 255, 255, 1] })
        {
            Assert.Throws<InvalidDataException>(() => SafeTensors.Parse<float>(file, "x"));
        }
    }

    /// <summary>Whatever is done to a file: it is read, or refused by the documented exception.</summary>
    [Fact]
    public void Damage_anywhere_is_refused_or_harmless()
    {
        byte[] good = File_("""{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F64","shape":[],"data_offsets":[24,32]}}""", new byte[32]);
        Assert.Equal([1], SafeTensors.Parse<double>(good, "good").Tensors["b"].Lengths.ToArray());
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length], Gen.Bool).Sample(
            (position, value, length, cut) =>
            {
                byte[] bad = [.. good];
                bad[position] = value;
                try
                {
                    SafeTensors.Parse<double>(cut ? bad.AsSpan(0, length) : bad, "bad");
                }
                catch (InvalidDataException)
                {
                    // The documented answer.
                }
            },
            iter: 20_000);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        Tensor<double> tensor = Tensor.Create([1.0], [1]);
        SafeTensors.Write<double>(Path, [new("a", tensor)]);
        byte[] before = File.ReadAllBytes(Path);
        Assert.Throws<IOException>(() => AtomicFile.Write(Path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("the disk is full");
        }));
        Assert.Throws<ArgumentException>(() => SafeTensors.Write<double>(Path, [new("a", tensor), new("a", tensor)]));
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder));
        Assert.Contains("folder", Assert.Throws<IOException>(() => AtomicFile.Write(folder, _ => { })).Message, StringComparison.Ordinal);
        Assert.Contains("no folder", Assert.Throws<IOException>(() => AtomicFile.Write(System.IO.Path.Combine(folder, "none", "x"), _ => { })).Message, StringComparison.Ordinal);
    }

    private static void AssertRead(string type, byte[] bytes, double expected)
    {
        byte[] file = File_($$$"""{"a":{"dtype":"{{{type}}}","shape":[1],"data_offsets":[0,{{{bytes.Length}}}]}}""", bytes);
        Assert.Equal(expected, SafeTensors.Parse<double>(file, type).Tensors["a"][0]);
        Assert.Equal((float)expected, SafeTensors.Parse<float>(file, type).Tensors["a"][0]);
    }

    private static byte[] File_(string header, byte[] data)
    {
        byte[] length = new byte[8];
        byte[] text = Encoding.UTF8.GetBytes(header);
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }
}
