using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ChainRule.Distributed;
using ChainRule.Kernels;
using ChainRule.Random;
using ChainRule.Serialization;

namespace ChainRule.Training;

/// <summary>
/// Everything that the rest of a training run depends on: parameters and running statistics, what the optimizer remembers, random
/// numbers, the order of the samples, the place in the epoch and what has been added up. From it a run goes on with the same bits.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class TrainingState<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Layer<T> network;
    private readonly Optimizer<T> optimizer;
    private readonly Batches<T> batches;
    private readonly NumPyRandom? shuffle;
    private readonly NumPyRandom[] generators;
    private readonly ICollective collective;
    private byte[][] generatorsOfOthers = [];
    private readonly Tensor<T>[] tensors;

    /// <summary>The state before the first step.</summary>
    public TrainingState(Layer<T> network, Optimizer<T> optimizer, Batches<T> batches, TrainingOptions options, ICollective collective)
    {
        this.collective = collective;
        this.network = network;
        this.optimizer = optimizer;
        this.batches = batches;
        shuffle = options.ShuffleSeed is { } seed ? new NumPyRandom(seed) : null;
        generators = [.. Generators(network)];
        tensors = [.. network.Parameters.Select(parameter => parameter.Value), .. network.Statistics.Select(statistic => statistic.Value)];
        LastGood = new Snapshot<T>(network);
        Best = options.EarlyStopping is null ? null : new Snapshot<T>(network);
    }

    /// <summary>The epoch that is under way, counted from 1; one more than there are when all have run.</summary>
    public int Epoch { get; set; } = 1;

    /// <summary>The batch that is next, counted from 0.</summary>
    public int Batch { get; set; }

    /// <summary>How many samples of this epoch have been used.</summary>
    public int Samples { get; set; }

    /// <summary>The sum of their losses.</summary>
    public double LossSum { get; set; }

    /// <summary>The sum of ‖g‖ over this epoch's steps.</summary>
    public double NormSum { get; set; }

    /// <summary>The learning rate of this epoch's first step.</summary>
    public double FirstRate { get; set; }

    /// <summary>The smallest validation loss so far.</summary>
    public double BestLoss { get; set; } = double.PositiveInfinity;

    /// <summary>The epochs since then.</summary>
    public int SinceBest { get; set; }

    /// <summary>How long earlier runs and this one have taken.</summary>
    public double Seconds { get; set; }

    /// <summary>How long this epoch has taken so far, validation and checkpoints left out.</summary>
    public double EpochSeconds { get; set; }

    /// <summary>The epochs that were completed.</summary>
    public List<EpochReport> Reports { get; } = [];

    /// <summary>The network at the end of the last epoch that went well.</summary>
    public Snapshot<T> LastGood { get; }

    /// <summary>The network at the smallest validation loss; null where nobody asks for it.</summary>
    public Snapshot<T>? Best { get; }

    /// <summary>Puts the samples into the order of a new epoch.</summary>
    public void Shuffle()
    {
        if (shuffle is not null)
        {
            batches.Shuffle(shuffle);
        }
    }

    /// <summary>Whether layers draw random numbers, each process its own.</summary>
    public bool IsRandom => generators.Length > 0;

    /// <summary>Starts as rank 0 does, with the same parameters, but draws other random numbers than the other ranks.</summary>
    public void StartTogether()
    {
        foreach (Tensor<T> tensor in tensors)
        {
            collective.Broadcast(MemoryMarshal.AsBytes(tensor.AsSpan()), 0);
        }

        LastGood.Take();
        Best?.Take();
        foreach (NumPyRandom generator in generators)
        {
            if (collective.Rank > 0)
            {
                generator.Seed(unchecked((uint)generator.RandInt(0, uint.MaxValue) + (uint)collective.Rank));
            }
        }
    }

    /// <summary>Collects what only the other ranks know, for <see cref="Write"/>. All ranks call it.</summary>
    public void Gather()
    {
        if (!IsRandom || collective.Size == 1)
        {
            return;
        }

        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        WriteGenerators(writer);
        writer.Flush();
        byte[] own = memory.ToArray();
        generatorsOfOthers = [.. Enumerable.Range(1, collective.Size - 1).Select(rank => Agreement.Share(collective, rank == collective.Rank ? own : [], rank))];
    }

    /// <summary>Writes the state.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Epoch);
        writer.Write(Batch);
        writer.Write(Samples);
        writer.Write(LossSum);
        writer.Write(NormSum);
        writer.Write(FirstRate);
        writer.Write(BestLoss);
        writer.Write(SinceBest);
        writer.Write(Seconds);
        writer.Write(EpochSeconds);
        shuffle?.Write(writer);
        WriteGenerators(writer);
        foreach (byte[] others in generatorsOfOthers)
        {
            writer.Write(others);
        }

        Binary.Write(writer, batches.Order);
        foreach (Tensor<T> tensor in tensors)
        {
            Binary.Write<T>(writer, tensor.AsSpan());
        }

        for (int i = 0; i < optimizer.Parameters.Count; i++)
        {
            OptimizerMemory<T> memory = optimizer.MemoryOf(i);
            writer.Write(memory.Steps);
            for (int slot = 0; slot < optimizer.MemoryNames.Count; slot++)
            {
                Binary.Write<T>(writer, memory[slot]);
            }
        }

        LastGood.Write(writer);
        Best?.Write(writer);
        writer.Write(Reports.Count);
        foreach (EpochReport report in Reports)
        {
            Write(writer, report);
        }
    }

    /// <summary>Takes over a state that <see cref="Write"/> wrote in a run with the same settings.</summary>
    /// <exception cref="InvalidDataException">A number is out of its range.</exception>
    /// <exception cref="EndOfStreamException">It is cut short.</exception>
    public void Read(BinaryReader reader)
    {
        Epoch = Binary.ReadCount(reader, "epoch");
        Batch = Binary.ReadCount(reader, "batch");
        if (Epoch < 1 || Batch >= batches.Count)
        {
            throw new InvalidDataException($"it stands at epoch {Epoch}, batch {Batch}, and an epoch has {batches.Count} batches");
        }

        Samples = Binary.ReadCount(reader, "samples");
        LossSum = reader.ReadDouble();
        NormSum = reader.ReadDouble();
        FirstRate = reader.ReadDouble();
        BestLoss = reader.ReadDouble();
        SinceBest = Binary.ReadCount(reader, "epochs since the best");
        Seconds = reader.ReadDouble();
        EpochSeconds = reader.ReadDouble();
        shuffle?.Read(reader);
        for (int rank = 0; rank < (IsRandom ? collective.Size : 1); rank++)
        {
            foreach (NumPyRandom generator in generators)
            {
                (rank == collective.Rank ? generator : new NumPyRandom(0)).Read(reader);
            }
        }

        int[] order = new int[batches.Samples];
        Binary.Read(reader, order);
        batches.Order = order;
        foreach (Tensor<T> tensor in tensors)
        {
            Binary.Read(reader, tensor.AsSpan());
        }

        for (int i = 0; i < optimizer.Parameters.Count; i++)
        {
            OptimizerMemory<T> memory = optimizer.MemoryOf(i);
            memory.Steps = Binary.ReadCount(reader, "steps");
            for (int slot = 0; slot < optimizer.MemoryNames.Count; slot++)
            {
                Binary.Read(reader, memory[slot]);
            }
        }

        LastGood.Read(reader);
        Best?.Read(reader);
        int count = Binary.ReadCount(reader, "epochs");
        Reports.Clear();
        for (int i = 0; i < count; i++)
        {
            Reports.Add(ReadReport(reader));
        }

        if (reader.BaseStream.Position != reader.BaseStream.Length)
        {
            throw new InvalidDataException($"{reader.BaseStream.Length - reader.BaseStream.Position} bytes are left over");
        }
    }

    private void WriteGenerators(BinaryWriter writer)
    {
        foreach (NumPyRandom generator in generators)
        {
            generator.Write(writer);
        }
    }

    private static IEnumerable<NumPyRandom> Generators(Layer<T> layer) =>
        [.. layer.Generator is { } generator ? [generator] : Array.Empty<NumPyRandom>(), .. layer.Children.SelectMany(Generators)];

    private static void Write(BinaryWriter writer, EpochReport report)
    {
        writer.Write(report.Epoch);
        writer.Write(report.Seconds);
        writer.Write(report.SamplesPerSecond);
        writer.Write(report.LearningRate);
        writer.Write(report.TrainLoss);
        writer.Write(report.GradientNorm);
        writer.Write(report.Validation is not null);
        if (report.Validation is { } validation)
        {
            writer.Write(validation.Loss);
            writer.Write(validation.Accuracy ?? double.NaN);
            writer.Write(validation.RSquared ?? double.NaN);
        }
    }

    private static EpochReport ReadReport(BinaryReader reader)
    {
        return new EpochReport(reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean() ? ReadEvaluation() : null);

        Evaluation ReadEvaluation() => new(reader.ReadDouble(), Present(reader.ReadDouble()), Present(reader.ReadDouble()));

        static double? Present(double value) => double.IsNaN(value) ? null : value;
    }
}
