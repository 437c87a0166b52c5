using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Distributed;

/// <summary>
/// Turns the gradients of the ranks, each of its share of a batch, into the gradient of the whole batch:
/// g = Σ w·g of the ranks / Σ w, where w is how much a share counts.
/// </summary>
/// <remarks>
/// The sums start as soon as the backward pass has filled a bucket, and run while it goes on to the layers below. A large gradient
/// is a bucket of its own and is summed where it is; small ones are packed together. The last bucket takes along what else a step
/// has to share: the loss, the weight, whether somebody wants to stop, and running statistics.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class GradientExchange<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int LossPlace = 0;
    private const int WeightPlace = 1;
    private const int StopPlace = 2;
    private const int FixedPlaces = 3;

    private readonly Sequential<T> network;
    private readonly ICollective collective;
    private readonly List<Bucket> buckets = [];
    private readonly List<MemoryHandle> pins = [];
    private readonly Bucket last;
    private readonly int tailStart;

    /// <summary>Divides the parameters into buckets, the last layer's first, and follows the backward passes of the network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="collective">The ranks.</param>
    /// <param name="bucketBytes">How large a bucket is before its sum starts.</param>
    public GradientExchange(Sequential<T> network, ICollective collective, int bucketBytes)
    {
        this.network = network;
        this.collective = collective;
        var packed = new Bucket();
        buckets.Add(packed);
        for (int i = network.Layers.Count - 1; i >= 0; i--)
        {
            foreach (Parameter<T> parameter in network.Layers[i].Parameters)
            {
                int length = (int)parameter.Gradient.FlattenedLength;
                if ((long)length * ElementBytes >= bucketBytes)
                {
                    // Summed in place: the garbage collector must not move it.
                    pins.Add(parameter.Gradient.GetPinnedHandle());
                    buckets.Add(new Bucket() { Layer = i, Direct = parameter });
                    continue;
                }

                packed.Parameters.Add((parameter, packed.Length));
                packed.Length += length;
                packed.Layer = i;
                if ((long)packed.Length * ElementBytes >= bucketBytes)
                {
                    packed = new Bucket();
                    buckets.Add(packed);
                }
            }
        }

        last = packed;
        tailStart = packed.Length;
        packed.Length += FixedPlaces + network.Statistics.Sum(statistic => (int)statistic.Value.FlattenedLength);
        packed.Layer = -1;
        foreach (Bucket bucket in buckets.Where(bucket => bucket.Direct is null))
        {
            bucket.Memory = GC.AllocateArray<T>(bucket.Length, pinned: true);
        }

        network.AfterBackward = AfterBackward;
    }

    private static int ElementBytes => System.Runtime.CompilerServices.Unsafe.SizeOf<T>();

    /// <summary>The bytes of all buckets, for reports.</summary>
    public long Bytes => buckets.Sum(bucket => (long)(bucket.Direct is { } direct ? direct.Gradient.FlattenedLength : bucket.Length) * ElementBytes);

    /// <summary>Whether the backward pass that comes next is the step's last: the sums start during that one.</summary>
    public bool IsLastPart { get; set; } = true;

    /// <summary>Takes part in a step with no sample: all gradients are 0.</summary>
    public void BackwardOfNothing()
    {
        IsLastPart = true;
        for (int i = network.Layers.Count - 1; i >= 0; i--)
        {
            foreach (Parameter<T> parameter in network.Layers[i].Parameters)
            {
                parameter.AccumulateGradient();
            }

            AfterBackward(i);
        }
    }

    /// <summary>Waits for all sums, and puts the gradients of the whole batch into the parameters.</summary>
    /// <param name="step">What this rank adds: the sum of its losses, how much its share counts, 1 where it wants to stop.</param>
    /// <param name="scale">What the gradients have been weighted with is <c>weight / scale</c>.</param>
    /// <returns>The same of all ranks together.</returns>
    public StepSums Finish(StepSums step, double scale)
    {
        Span<T> tail = last.Memory.AsSpan(tailStart);
        tail[LossPlace] = T.CreateTruncating(step.LossSum / scale);
        tail[WeightPlace] = T.CreateTruncating(step.Weight);
        tail[StopPlace] = T.CreateTruncating(step.Stop);
        CopyStatistics(tail[FixedPlaces..], T.CreateTruncating(step.Weight / scale), into: true);
        Pack(last);
        last.Ticket = collective.BeginSum<T>(last.Memory);
        foreach (Bucket bucket in buckets)
        {
            collective.EndSum(bucket.Ticket);
        }

        // 1 for a loss that counts samples, whose weights are whole numbers: then nothing is left to do.
        double total = double.CreateTruncating(tail[WeightPlace]);
        T weight = T.CreateTruncating(total / scale);
        bool isScaled = weight != T.One;
        foreach (Bucket bucket in buckets)
        {
            if (bucket.Direct is { } direct)
            {
                Divide(direct.Gradient.AsSpan(), weight, isScaled);
            }

            foreach ((Parameter<T> parameter, int start) in bucket.Parameters)
            {
                Span<T> gradient = parameter.Gradient.AsSpan();
                bucket.Memory.AsSpan(start, gradient.Length).CopyTo(gradient);
                Divide(gradient, weight, isScaled);
            }
        }

        CopyStatistics(tail[FixedPlaces..], weight, into: false);
        return new StepSums(double.CreateTruncating(tail[LossPlace]) * scale, total, double.CreateTruncating(tail[StopPlace]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        network.AfterBackward = null;
        foreach (MemoryHandle pin in pins)
        {
            pin.Dispose();
        }
    }

    private static void Divide(Span<T> values, T divisor, bool isScaled)
    {
        if (isScaled)
        {
            TensorPrimitives.Divide(values, divisor, values);
        }
    }

    /// <summary>The gradients of a layer are complete: starts the sums of the buckets that it fills.</summary>
    private void AfterBackward(int layer)
    {
        if (!IsLastPart)
        {
            return;
        }

        collective.Progress();
        foreach (Bucket bucket in buckets)
        {
            if (bucket.Layer == layer)
            {
                if (bucket.Direct is { } direct)
                {
                    ForgetStale(direct);
                    bucket.Ticket = collective.BeginSum(direct.Gradient.AsSpan());
                }
                else
                {
                    Pack(bucket);
                    bucket.Ticket = collective.BeginSum<T>(bucket.Memory);
                }
            }
        }
    }

    private static void Pack(Bucket bucket)
    {
        foreach ((Parameter<T> parameter, int start) in bucket.Parameters)
        {
            ForgetStale(parameter);
            parameter.Gradient.AsSpan().CopyTo(bucket.Memory.AsSpan(start));
        }
    }

    // A parameter that the pass left out still shows its gradient of an earlier step.
    private static void ForgetStale(Parameter<T> parameter)
    {
        if (!parameter.HasGradient)
        {
            parameter.Gradient.AsSpan().Clear();
        }
    }

    /// <summary>Running statistics are means over the ranks, weighted as the gradients are.</summary>
    private void CopyStatistics(Span<T> memory, T weight, bool into)
    {
        foreach (RunningStatistic<T> statistic in network.Statistics)
        {
            Span<T> values = statistic.Value.AsSpan();
            if (into)
            {
                TensorPrimitives.Multiply(values, weight, memory[..values.Length]);
            }
            else
            {
                TensorPrimitives.Divide(memory[..values.Length], weight, values);
            }

            memory = memory[values.Length..];
        }
    }

    /// <summary>Gradients that are summed together.</summary>
    private sealed class Bucket
    {
        /// <summary>The layer that fills it, the lowest of those in it; −1 for the last bucket, which goes when the step ends.</summary>
        public int Layer { get; set; } = -1;

        /// <summary>The one gradient that is summed in place; null for a packed bucket.</summary>
        public Parameter<T>? Direct { get; init; }

        /// <summary>The gradients that are packed, and where each begins.</summary>
        public List<(Parameter<T> Parameter, int Start)> Parameters { get; } = [];

        public int Length { get; set; }

        public T[] Memory { get; set; } = [];

        public int Ticket { get; set; }
    }
}

/// <summary>What a step shares beside gradients.</summary>
/// <param name="LossSum">The sum of the losses, each times its weight.</param>
/// <param name="Weight">How much the samples count.</param>
/// <param name="Stop">How many ranks want to stop.</param>
internal readonly record struct StepSums(double LossSum, double Weight, double Stop);
