using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using ChainRule.Training;

namespace ChainRule.Playground.Session;

/// <summary>
/// A session as text that fits into a link: the setup, one's own samples, the weights bit for bit, and what the optimizer
/// remembers, packed by zlib (whose checksum tells damage) and written in the 64 letters of base64url, after a version number.
/// </summary>
public static class Permalink
{
    /// <summary>The longest text that is read.</summary>
    public const int MaximumLength = 400_000;

    private const string Version = "1.";
    private const int MaximumBytes = 4_000_000;

    /// <summary>Writes a session.</summary>
    /// <param name="setup">Its setup.</param>
    /// <param name="state">Its run.</param>
    /// <param name="done">The operations of the next step that are done.</param>
    public static string Write(Setup setup, RunState state, int done)
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(state);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var writer = new BinaryWriter(zlib, Encoding.UTF8))
        {
            Write(writer, setup);
            Write(writer, state, setup.Training.Precision);
            writer.Write7BitEncodedInt(done);
        }

        return Version + Base64Url.EncodeToString(packed.ToArray());
    }

    /// <summary>Reads a session.</summary>
    /// <param name="link">The text.</param>
    /// <exception cref="FormatException">It is no such text, is damaged, or holds what a setup may not; the message says which.</exception>
    public static (Setup Setup, RunState State, int Done) Read(string link)
    {
        ArgumentNullException.ThrowIfNull(link);
        if (link.Length > MaximumLength)
        {
            throw new FormatException($"The link has {link.Length} characters: expected up to {MaximumLength}.");
        }

        if (!link.StartsWith(Version, StringComparison.Ordinal))
        {
            string start = link.Length > 12 ? $"{link[..12]}…" : link;
            throw new FormatException($"The link starts with '{start}': expected '{Version}', the version of links that this page reads.");
        }

        if (!Base64Url.IsValid(link.AsSpan(Version.Length)))
        {
            throw new FormatException("The link is damaged: it holds characters that no link has, or one too few.");
        }

        try
        {
            using var packed = new MemoryStream(Base64Url.DecodeFromChars(link.AsSpan(Version.Length)));
            using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
            using var bytes = new MemoryStream(Unpack(zlib));
            using var reader = new BinaryReader(bytes, Encoding.UTF8);
            Setup setup = ReadSetup(reader);
            SetupRules.Require(setup);
            RunState state = ReadState(reader, setup);
            int done = reader.Read7BitEncodedInt();
            if (bytes.Position != bytes.Length || done < 0)
            {
                throw new FormatException("The link holds more than it should.");
            }

            return (setup, state, done);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or IOException or ArgumentException)
        {
            throw new FormatException("The link is damaged: it may have been cut off where it was copied.", exception);
        }
    }

    /// <summary>Unpacks, but no more than any session needs: a small text may unpack to an enormous one.</summary>
    private static byte[] Unpack(Stream stream)
    {
        byte[] bytes = new byte[64 * 1024];
        int length = 0;
        int read;
        while ((read = stream.Read(bytes, length, bytes.Length - length)) > 0)
        {
            length += read;
            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, bytes.Length <= MaximumBytes ? bytes.Length * 2 : throw new FormatException("The link holds more than any session."));
            }
        }

        return bytes[..length];
    }

    private static void Write(BinaryWriter writer, Setup setup)
    {
        (DataSetup data, NetworkSetup network, TrainingSetup training) = setup;
        writer.Write((byte)SetupRules.DataKinds.ToList().IndexOf(data.Kind));
        writer.Write7BitEncodedInt(data.Samples);
        writer.Write(data.Noise);
        writer.Write(data.TestShare);
        writer.Write(data.Seed);
        if (data.OwnData is { } own)
        {
            Write(writer, own);
        }

        writer.Write((byte)network.Hidden.Count);
        foreach (HiddenLayer layer in network.Hidden)
        {
            writer.Write((byte)layer.Units);
            writer.Write((byte)layer.Activation);
        }

        writer.Write((byte)network.Weights);
        writer.Write(network.Seed);
        writer.Write((byte)training.Loss);
        writer.Write((byte)training.Optimizer);
        writer.Write(training.LearningRate);
        writer.Write7BitEncodedInt(training.BatchSize);
        writer.Write(training.L1);
        writer.Write(training.L2);
        writer.Write((byte)training.Precision);
    }

    private static Setup ReadSetup(BinaryReader reader)
    {
        int kind = reader.ReadByte();
        string name = kind < SetupRules.DataKinds.Count ? SetupRules.DataKinds[kind] : throw new FormatException($"The link names data {kind}: expected from 0 to {SetupRules.DataKinds.Count - 1}.");
        var data = new DataSetup(name, reader.Read7BitEncodedInt(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadUInt32());
        if (name == DataSetup.Own)
        {
            data = data with { OwnData = ReadOwn(reader) };
        }

        int layers = reader.ReadByte();
        var hidden = new HiddenLayer[Math.Min(layers, SetupRules.MaximumLayers + 1)]; // one too many is refused with the rest
        for (int i = 0; i < hidden.Length; i++)
        {
            hidden[i] = new HiddenLayer(reader.ReadByte(), (Activation)reader.ReadByte());
        }

        var network = new NetworkSetup(hidden, (StartingWeights)reader.ReadByte(), reader.ReadUInt32());
        var training = new TrainingSetup((LossKind)reader.ReadByte(), (OptimizerKind)reader.ReadByte(), reader.ReadDouble(), reader.Read7BitEncodedInt(), reader.ReadDouble(), reader.ReadDouble(), (Precision)reader.ReadByte());
        return new Setup(data, network, training);
    }

    private static void Write(BinaryWriter writer, OwnData own)
    {
        writer.Write(own.Name);
        writer.Write((byte)own.Features);
        writer.Write7BitEncodedInt(own.Targets.Count);
        writer.Write((byte)own.ClassNames.Count);
        writer.Write(own.Standardize);
        foreach (string text in own.ClassNames.Concat(own.FeatureNames))
        {
            writer.Write(text);
        }

        foreach (double number in own.Inputs.Concat(own.Targets))
        {
            writer.Write(number);
        }
    }

    private static OwnData ReadOwn(BinaryReader reader)
    {
        string name = reader.ReadString();
        int features = reader.ReadByte();
        int samples = reader.Read7BitEncodedInt();
        int classes = reader.ReadByte();
        bool standardize = reader.ReadBoolean();
        if (features > OwnData.MaximumFeatures || samples < 0 || samples > OwnData.MaximumSamples)
        {
            throw new FormatException($"The link holds {samples} samples of {features} features: expected up to {OwnData.MaximumSamples} of {OwnData.MaximumFeatures}.");
        }

        string[] classNames = [.. Enumerable.Range(0, classes).Select(_ => reader.ReadString())];
        string[] featureNames = [.. Enumerable.Range(0, features).Select(_ => reader.ReadString())];
        double[] inputs = [.. Enumerable.Range(0, samples * features).Select(_ => reader.ReadDouble())];
        double[] targets = [.. Enumerable.Range(0, samples).Select(_ => reader.ReadDouble())];
        return new OwnData(name, features, inputs, targets, classNames, featureNames, standardize);
    }

    private static void Write(BinaryWriter writer, RunState state, Precision precision)
    {
        writer.Write7BitEncodedInt(state.Step);
        writer.Write7BitEncodedInt(state.Epoch);
        writer.Write7BitEncodedInt(state.Batch);
        writer.Write(state.LossSum);
        writer.Write(state.FinishedLoss);
        writer.Write7BitEncodedInt(state.OptimizerSteps);
        writer.Write((byte)state.Memories[0].Count);
        for (int i = 0; i < state.Values.Count; i++)
        {
            foreach (double[] numbers in state.Memories[i].Prepend(state.Values[i]))
            {
                foreach (double number in numbers)
                {
                    if (precision == Precision.Bits32)
                    {
                        writer.Write((float)number);
                    }
                    else
                    {
                        writer.Write(number);
                    }
                }
            }
        }
    }

    private static RunState ReadState(BinaryReader reader, Setup setup)
    {
        (int step, int epoch, int batch) = (reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());
        (double lossSum, double finishedLoss) = (reader.ReadDouble(), reader.ReadDouble());
        (int optimizerSteps, int memories) = (reader.Read7BitEncodedInt(), reader.ReadByte());
        if (memories > 2)
        {
            throw new FormatException($"The link says that the optimizer remembers {memories} numbers of each weight: expected up to 2.");
        }

        double[] Numbers(int count)
        {
            double[] numbers = new double[count];
            for (int i = 0; i < count; i++)
            {
                numbers[i] = setup.Training.Precision == Precision.Bits32 ? reader.ReadSingle() : reader.ReadDouble();
            }

            return numbers;
        }

        var values = new List<double[]>();
        var remembered = new List<IReadOnlyList<double[]>>();
        int inputs = setup.Data.OwnData?.Features ?? 2;
        int outputs = NetworkFactory.Objective(setup).Outputs;
        foreach (int units in setup.Network.Hidden.Select(layer => layer.Units).Append(outputs))
        {
            foreach (int length in new[] { inputs * units, units })
            {
                values.Add(Numbers(length));
                remembered.Add([.. Enumerable.Range(0, memories).Select(_ => Numbers(length))]);
            }

            inputs = units;
        }

        return new RunState(step, epoch, batch, lossSum, finishedLoss, values, optimizerSteps, remembered);
    }
}
