using System.Buffers.Text;
using System.IO.Compression;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optimizers;
using ChainRule.Playground.Session;
using ChainRule.Random;
using ChainRule.Serialization;
using ChainRule.Training;

namespace ChainRule.Fuzz.Tests;

/// <summary>A reader under attack.</summary>
/// <param name="Seeds">Valid files, or what is sealed to become one.</param>
/// <param name="Words">Words of the format.</param>
/// <param name="Read">Reads a file.</param>
/// <param name="Documented">The one exception that it may throw.</param>
/// <param name="Factor">How many times the file's size it may allocate, beyond what every call may.</param>
/// <param name="Seal">Puts a spoilt content into a whole envelope, so that a checksum or a compression does not stop everything; null where there is none.</param>
internal sealed record Reader(IReadOnlyList<byte[]> Seeds, IReadOnlyList<string> Words, Action<byte[]> Read, Type Documented, int Factor, Func<byte[], byte[]>? Seal = null)
{
    // Deflate makes 1,032 bytes of one at most; growing memory holds them twice while it doubles, and the numbers are a copy.
    private const int ArchiveFactor = 1032 * 8;
    private const int PlainFactor = 64;

    /// <summary>All readers by name.</summary>
    public static IReadOnlyDictionary<string, Func<Reader>> All { get; } = new Dictionary<string, Func<Reader>>
    {
        ["npy"] = Npy,
        ["npz"] = Npz,
        ["safetensors"] = Tensors,
        ["model"] = Model,
        ["idx"] = Idx,
        ["csv"] = Csv,
        ["checkpoint"] = Checkpoint,
        ["permalink"] = Link,
    };

    private static Tensor<double> Numbers(params ReadOnlySpan<nint> shape) => new NumPyRandom(1).Randn(shape);

    private static byte[] NpyBytes(params ReadOnlySpan<nint> shape)
    {
        using var stream = new MemoryStream();
        NpyFile.Write(stream, Numbers(shape));
        return stream.ToArray();
    }

    private static Reader Npy() => new(
        [NpyBytes(3, 2), NpyBytes(5), NpyBytes(2, 1, 2)],
        ["'descr': '<f8'", "'descr': '|O'", "'fortran_order': True", "'shape': (", "(2, 3, )", "<f2", ">i4", "|b1", "(0,)", "(-1,)", "(65536, 65536, 65536, 65536)"],
        bytes => NpyFile.Read<double>(new MemoryStream(bytes), "file"), typeof(InvalidDataException), PlainFactor);

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static Reader Npz() => new(
        [
            Zip(("X.npy", NpyBytes(3, 2)), ("y.npy", NpyBytes(3))), Zip(("../../X.npy", NpyBytes(2)), ("../../X.npy", NpyBytes(2))),
            Zip(("bomb.npy", [.. NpyBytes(1)[..^8], .. new byte[3_000_000]])), Zip(("zeros.npy", Zeros(300_000))), NpyBytes(3, 2),
        ],
        ["PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "../", "X.npy"],
        bytes => NpzFile.Read<double>(new MemoryStream(bytes), "file"), typeof(InvalidDataException), ArchiveFactor, content => Zip(("X.npy", content), ("y.npy", content)));

    private static byte[] Zeros(int count)
    {
        using var stream = new MemoryStream();
        NpyFile.Write(stream, Tensor.CreateFromShape<double>([count]));
        return stream.ToArray();
    }

    private static byte[] File(Action<string> write)
    {
        string path = Path.GetTempFileName();
        try
        {
            write(path);
            return System.IO.File.ReadAllBytes(path);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    private static byte[] Sized(byte[] header, byte[] data) => [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. data];

    private static Reader Tensors()
    {
        byte[] two = File(path => SafeTensors.Write<double>(path, [new("a", Numbers(2, 3)), new("b", Numbers(4))], new Dictionary<string, string> { ["k"] = "v" }));
        return new(
            [two, Encoding.UTF8.GetBytes("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""")],
            ["\"dtype\":\"BF16\"", "\"shape\":[-1]", "\"shape\":[4294967296,4294967296]", "\"data_offsets\":[8,0]", "\"a\":", "__metadata__", "\"F16\"", "\"I64\"", "\"U8\""],
            bytes => SafeTensors.Parse<double>(bytes, "file"), typeof(InvalidDataException), PlainFactor, content => Sized(content, new byte[80]));
    }

    private static Reader Model()
    {
        var random = new NumPyRandom(1);
        TrainedModel<double> model = new(
            new Sequential<double>(new Linear<double>(2, 3, random), new ReLU<double>(), new BatchNorm1d<double>(3), new Linear<double>(3, 2, random)),
            Objective.ForClasses(LossKind.CrossEntropy, 2), new Normalization([0, 1], [1, 2]), ["no", "yes"], ["x", "y"]);
        byte[] file = File(path => ModelFile.Write(path, model));
        NamedTensors<double> read = SafeTensors.Parse<double>(file, "seed");
        (string key, string text) = read.Metadata.Single(pair => pair.Key != "format");
        return new(
            [Encoding.UTF8.GetBytes(text)],
            ["\"inputs\":", "\"outputs\":2000000000", "\"linear\"", "\"dropout\"", "\"version\":1", "\"layers\":[", "\"classes\":", "\"lstm\"", "\"conv2d\"", "\"residual\""],
            bytes => ModelFile.Parse<double>(bytes, "file"), typeof(InvalidDataException), PlainFactor,
            content => WithMetadata(file, key, Encoding.UTF8.GetString(content)));
    }

    /// <summary>A safetensors file with other metadata.</summary>
    private static byte[] WithMetadata(byte[] file, string key, string text)
    {
        int length = (int)BitConverter.ToUInt64(file);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, length));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            writer.WriteString(key, text);
            writer.WriteEndObject();
            foreach (JsonProperty property in header.RootElement.EnumerateObject().Where(property => property.Name != "__metadata__"))
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Sized(stream.ToArray(), file[(8 + length)..]);
    }

    private static Reader Idx() => new(
        [[0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3], [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4]],
        ["\0\0\u0008\u0003", "\u001f\u008b"],
        bytes => IdxFile.Read<double>(bytes is [0x1F, 0x8B, ..] ? new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress) : new MemoryStream(bytes), "file"), typeof(InvalidDataException), ArchiveFactor, Gzip);

    private static byte[] Gzip(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return stream.ToArray();
    }

    private static Reader Csv() => new(
        [Encoding.UTF8.GetBytes("a,b,kind\n1,2,x\n3,4.5,y\n-1e3,0,x\n"), Encoding.UTF8.GetBytes("1;2;3\r\n4;5;6\r\n"), Encoding.UTF8.GetBytes("\"a,b\",\"c\"\"d\"\n1,2\n")],
        ["\"", "\"\"", ",,,,", "\n\n", "1e999", "-", "\t", ";", "NaN"],
        bytes => CsvTable.Read(new StreamReader(new MemoryStream(bytes), new UTF8Encoding(false, throwOnInvalidBytes: true)), "file").ToDataSet<double>(), typeof(InvalidDataException), 2048);

    private static Reader Checkpoint()
    {
        var network = new Sequential<double>(new Linear<double>(2, 3, new NumPyRandom(1)), new Dropout<double>(0.5, new NumPyRandom(2)), new Linear<double>(3, 1, new NumPyRandom(3)));
        var options = new TrainingOptions { EarlyStopping = 3, BatchSize = 2 };
        var state = new TrainingState<double>(network, new Adam<double>(network.Parameters), new Batches<double>(Numbers(6, 2), Numbers(6, 1), 2), options, Distributed.SingleProcess.Instance);
        state.Reports.Add(new EpochReport(1, 1, 1, 1, 1, 1, new Evaluation(1, 0.5, null)));
        KeyValuePair<string, string>[] settings = [new("network", "this"), new("seed", "42")];
        byte[] file = File(path => CheckpointFile.Write(path, settings, state.Write));
        byte[] content = file[16..^SHA256.HashSizeInBytes];
        return new(
            [content], ["network", "this"],
            bytes => CheckpointFile.Read("file", bytes, settings, state.Read), typeof(InvalidDataException), PlainFactor,
            changed => [.. file[..8], .. BitConverter.GetBytes((long)changed.Length), .. changed, .. SHA256.HashData(changed)]);
    }

    private static Reader Link()
    {
        const string Version = "1.";
        string link = new PlaygroundSession(Setup.Default).ToLink();
        using var packed = new MemoryStream(Base64Url.DecodeFromChars(link.AsSpan(Version.Length)));
        using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
        using var content = new MemoryStream();
        zlib.CopyTo(content);
        return new([content.ToArray()], [], bytes => Permalink.Read(Encoding.Latin1.GetString(bytes)), typeof(FormatException), ArchiveFactor, Pack);

        static byte[] Pack(byte[] changed)
        {
            using var stream = new MemoryStream();
            using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true))
            {
                zlib.Write(changed);
            }

            return Encoding.ASCII.GetBytes(Version + Base64Url.EncodeToString(stream.ToArray()));
        }
    }
}
