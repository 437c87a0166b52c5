using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Serialization;
using CsCheck;
using Xunit;

namespace ChainRule.Tests.Serialization;

/// <summary>npy and npz against files that NumPy wrote.</summary>
public sealed class NpyTests : IDisposable
{
    private static readonly JsonElement fixture = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fixtures", "npy.json"))).RootElement;
    private readonly string folder = Directory.CreateTempSubdirectory("npy-").FullName;

    private string File => Path.Combine(folder, "file");

    public static TheoryData<string> Arrays => [.. fixture.GetProperty("arrays").EnumerateArray().Select(array => array.GetProperty("name").GetString()!)];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Arrays))]
    public void What_NumPy_saved_is_read(string name)
    {
        JsonElement array = fixture.GetProperty("arrays").EnumerateArray().Single(candidate => candidate.GetProperty("name").GetString() == name);
        Tensor<double> tensor = NpyFile.Read<double>(new MemoryStream(array.GetProperty("file").GetBytesFromBase64()), name);
        nint[] shape = [.. array.GetProperty("shape").EnumerateArray().Select(length => (nint)length.GetInt32())];
        Assert.Equal(shape.Length > 0 ? shape : [1], tensor.Lengths.ToArray());
        Assert.Equal(array.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()), tensor);
    }

    /// <summary>Our file of the same numbers is NumPy's, byte for byte, header and padding included.</summary>
    [Theory]
    [InlineData("<f8")]
    [InlineData("shape (5,) order C")]
    [InlineData("shape (2, 1, 3, 2) order C")]
    [InlineData("shape (0, 3) order C")]
    public void What_is_written_is_what_NumPy_writes(string name)
    {
        byte[] expected = fixture.GetProperty("arrays").EnumerateArray().Single(candidate => candidate.GetProperty("name").GetString() == name).GetProperty("file").GetBytesFromBase64();
        NpyFile.Write(File, NpyFile.Read<double>(new MemoryStream(expected), name));
        Assert.Equal(expected, System.IO.File.ReadAllBytes(File));
    }

    [Theory]
    [InlineData("stored")]
    [InlineData("packed")]
    public void Archives_of_NumPy_are_read(string name)
    {
        NamedTensors<float> archive = NpzFile.Read<float>(new MemoryStream(fixture.GetProperty("archives").GetProperty(name).GetBytesFromBase64()), name);
        Assert.Equal(["X", "y"], archive.Tensors.Keys);
        Assert.Equal([3, 2], archive.Tensors["X"].Lengths.ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5], archive.Tensors["X"]);
        Assert.Equal([0, 1, 1], archive.Tensors["y"]);
    }

    [Fact]
    public void An_archive_comes_back_bit_for_bit() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 5], Gen.Float.Array[20]).Sample(
            (rows, columns, values) =>
            {
                Tensor<float> tensor = Tensor.Create(values[..(rows * columns)], [rows, columns]);
                NpzFile.Write<float>(File, [new("layer1.weight", tensor), new("b", Tensor.Create([float.NaN], [1]))]);
                NamedTensors<float> read = NpzFile.Read<float>(File);
                Assert.Equal(["layer1.weight", "b"], read.Tensors.Keys);
                Assert.Equal(tensor.Select(BitConverter.SingleToInt32Bits), read.Tensors["layer1.weight"].Select(BitConverter.SingleToInt32Bits));
            },
            iter: 30,
            threads: 1); // they share a file

    [Theory]
    [InlineData("objects", "pickled")]
    [InlineData("structured", "structured")]
    [InlineData("complex", "'<c16'")]
    [InlineData("text", "'<U2'")]
    [InlineData("five dimensions", "5 dimensions")]
    public void What_could_run_code_or_is_no_number_is_refused(string name, string problem)
    {
        byte[] file = fixture.GetProperty("refused").GetProperty(name).GetBytesFromBase64();
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => NpyFile.Read<double>(new MemoryStream(file), "x.npy"));
        Assert.Contains("'x.npy'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(2, 3)", "(2, 4)", "64 bytes of numbers, and there are 48")]
    [InlineData("(2, 3)", "(2, 2)", "32 bytes of numbers, and there are more")]
    [InlineData("(2, 3)", "(-2,3)", "impossible shape")]
    [InlineData("(2, 3), }              ", "(99999999, 99999999), }", "impossible shape")]
    [InlineData("'shape'", "'shade'", "no shape")]
    [InlineData("<f8", "<f9", "'<f9'")]
    [InlineData("False", "Maybe", "order")]
    public void A_lying_header_is_refused(string from, string to, string problem)
    {
        byte[] file = fixture.GetProperty("arrays").EnumerateArray().Single(candidate => candidate.GetProperty("name").GetString() == "<f8").GetProperty("file").GetBytesFromBase64();
        string text = System.Text.Encoding.Latin1.GetString(file);
        Assert.Contains(from, text, StringComparison.Ordinal);
        byte[] bad = System.Text.Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(problem, Assert.Throws<InvalidDataException>(() => NpyFile.Read<double>(new MemoryStream(bad), "x")).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever is done to a file: it is read, or refused by the documented exception.</summary>
    [Theory]
    [InlineData("stored")]
    [InlineData("packed")]
    public void Damage_anywhere_is_refused_or_harmless(string name)
    {
        byte[] good = fixture.GetProperty("archives").GetProperty(name).GetBytesFromBase64();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length], Gen.Bool).Sample(
            (position, value, length, cut) =>
            {
                byte[] bad = [.. good];
                bad[position] = value;
                try
                {
                    NpzFile.Read<double>(new MemoryStream(cut ? bad[..length] : bad), "bad.npz");
                }
                catch (InvalidDataException exception)
                {
                    Assert.Contains("bad.npz", exception.Message, StringComparison.Ordinal);
                }
            },
            iter: 5000);
    }
}
