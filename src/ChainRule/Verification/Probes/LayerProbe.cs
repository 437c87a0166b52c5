using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>
/// Looks for mistakes of a layer that the values of one backward pass do not show: passes that differ from run to run, that
/// ignore the gradient from above, change what is not theirs, use values of an earlier batch, or add up what they should not.
/// </summary>
/// <param name="layer">The layer. Its parameters come back bit for bit.</param>
/// <param name="batch">An input.</param>
/// <param name="options">Step, tolerance and seed.</param>
internal sealed class LayerProbe<T>(Layer<T> layer, Tensor<T> batch, GradientCheckOptions options)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // What two passes that ought to be multiples of each other may differ by, as a share of the largest value.
    private static readonly double near = Math.Sqrt(Subject<T>.Unit);

    // Another batch that is like the first: its samples in another order, their values a little nearer to 0, which leaves no domain.
    private const double Nearer = 0.75;

    // What is so many times as much as two multiples may differ by is no accident.
    private const double Clear = 10;

    // Away from the start, where a weight of 1 or a bias of 0 can hide a mistake.
    private const double Away = 0.3;

    private readonly List<ProbeFinding> findings = [];
    private readonly string place = layer.Name.Length > 0 ? layer.Name : layer.ToString();

    /// <summary>Runs all probes.</summary>
    public IReadOnlyList<ProbeFinding> Run()
    {
        Tensor<T> input = Copy(batch);
        var before = new Bits<T>([("the input", input), .. layer.Parameters.Select(parameter => (parameter.Name, parameter.Value))]);
        Tensor<T> output = Copy(layer.Forward(input));
        Report(GradientMistake.ValuesChanged, before.Changed(), "The forward pass changes {0}: it must leave what it reads as it is.");
        before.Restore();
        if (!AllFinite(output))
        {
            if (AllFinite(input))
            {
                Found(GradientMistake.NotFinite, place, $"{Count(output.AsSpan())} of the {output.FlattenedLength} outputs are NaN or infinite, and the input is finite.");
            }

            return findings;
        }

        if (!Bits<T>.Same(output.AsSpan(), layer.Forward(input).AsSpan()))
        {
            Found(GradientMistake.NonDeterministic, place, "Two forward passes of the same input give other bits: a function that changes from run to run has no gradient to compare. What is drawn at random must stay drawn while it is checked.");
            return findings;
        }

        Tensor<T> upstream = Random(output.Lengths, options.Seed);
        if (Pull(input, upstream, before) is not { } gradients)
        {
            return findings;
        }

        // What changes its values fails every other probe, for that reason alone.
        if (gradients.All(gradient => gradient.All(T.IsFinite)) && findings.All(finding => finding.Mistake != GradientMistake.ValuesChanged))
        {
            // A pass that does not repeat itself cannot be compared with others.
            if (LookAtRepetition(input, upstream, gradients))
            {
                LookAtUpstream(input, upstream, gradients);
                LookAtOtherBatches(input);
            }
        }

        return findings;
    }

    /// <summary>The first backward pass: what it returns, and what it changes.</summary>
    private T[][]? Pull(Tensor<T> input, Tensor<T> upstream, Bits<T> before)
    {
        before.Restore(); // what the forward pass changes is no change of the backward pass
        var above = new Bits<T>([("the gradient from above", upstream)]);
        T[][] untouched = [.. layer.Parameters.Select(parameter => parameter.Gradient.AsSpan().ToArray())];
        Discard();
        Tensor<T> inputGradient = layer.Backward(upstream);
        Report(GradientMistake.ValuesChanged, before.Changed().Concat(above.Changed()), "The backward pass changes {0}: it must leave what it reads as it is.");
        before.Restore();
        for (int i = 0; i < untouched.Length; i++)
        {
            Parameter<T> parameter = layer.Parameters[i];
            if (!parameter.HasGradient && !Bits<T>.Same(untouched[i], parameter.Gradient.AsSpan()))
            {
                Found(GradientMistake.NeverReached, parameter.Name, "Its gradient is written, and not through AccumulateGradient(): the optimizer takes it for a parameter that has none.");
            }
        }

        if (layer.HasInputGradient && !inputGradient.Lengths.SequenceEqual(input.Lengths))
        {
            Found(GradientMistake.WrongShape, place, $"The gradient of the input has the shape {Shape.Describe(inputGradient.Lengths)}, and the input {Shape.Describe(input.Lengths)}.");
            return null;
        }

        T[][] gradients = Read(inputGradient);
        for (int i = 0; i < gradients.Length; i++)
        {
            if (gradients[i].Any(value => !T.IsFinite(value)))
            {
                Found(GradientMistake.NotFinite, Place(i), $"{Count(gradients[i])} of {gradients[i].Length} entries of the gradient are NaN or infinite, and the values and the gradient from above are finite. A division by 0, the logarithm of 0 or an exponential that overflows.");
            }
        }

        return gradients;
    }

    /// <summary>The same pass again, and again without a new start in between.</summary>
    /// <returns>Whether it gave the same bits.</returns>
    private bool LookAtRepetition(Tensor<T> input, Tensor<T> upstream, T[][] gradients)
    {
        T[][] again = Gradients(input, upstream);
        T[][] added = Read(layer.Backward(upstream)); // no step in between: parameters add up, the input's gradient does not
        int parameters = layer.Parameters.Count;
        bool repeats = true;
        for (int i = 0; i < gradients.Length; i++)
        {
            bool isParameter = i < parameters;
            double size = Largest(gradients[i]);
            T[] twice = [.. again[i].Select(value => value + value)];
            if (!Bits<T>.Same(gradients[i], again[i]))
            {
                repeats = false;
                bool grows = Far(again[i], gradients[i]) > Clear * near * size && Far([.. again[i].Zip(gradients[i], (x, y) => x - y)], [.. added[i].Zip(again[i], (x, y) => x - y)]) <= near * size;
                Found(
                    grows ? GradientMistake.WrongAccumulation : GradientMistake.NonDeterministic,
                    Place(i),
                    grows ? "A backward pass adds to what the one before left, although the gradients were given up in between: the gradient grows with every step."
                        : "Two backward passes of the same values give other bits.");
            }
            else if (size > 0 && isParameter && Far(added[i], again[i]) <= near * size)
            {
                Found(GradientMistake.WrongAccumulation, Place(i), "A second backward pass overwrites the gradient of the first: gradients must add up until the optimizer steps. Add to AccumulateGradient() with +=.");
            }
            else if (Far(added[i], isParameter ? twice : again[i]) > near * size)
            {
                Found(GradientMistake.WrongAccumulation, Place(i), isParameter ? "Two backward passes do not add up to twice the gradient of one." : "A second backward pass returns another gradient for the input than the first: it must not add up.");
            }
        }

        return repeats;
    }

    /// <summary>What comes from above goes through once: backward is linear in it.</summary>
    private void LookAtUpstream(Tensor<T> input, Tensor<T> upstream, T[][] gradients)
    {
        T[][] nothing = Gradients(input, Times(upstream, T.Zero));
        T[][] doubled = Gradients(input, Times(upstream, T.One + T.One));
        T[][] turned = Gradients(input, Times(upstream, -T.One));
        for (int i = 0; i < gradients.Length; i++)
        {
            double size = Largest(gradients[i]);
            if (size < Subject<T>.Least)
            {
                continue; // of numbers so near to 0 twice as much is not twice the bits
            }

            bool Is(T[] values, double factor) => Far(values, [.. gradients[i].Select(value => T.CreateTruncating(factor) * value)]) <= near * Math.Max(1, Math.Abs(factor)) * size;
            if (Largest(nothing[i]) > near * size)
            {
                Found(
                    GradientMistake.UpstreamDropped,
                    Place(i),
                    Is(doubled[i], 1) && Is(nothing[i], 1) ? "The gradient from above is ignored: with twice as much, and with none, the result is the same."
                        : "With a gradient of 0 from above the result is not 0: something is added that does not come from the loss.");
            }
            else if (!Is(doubled[i], 2))
            {
                Found(
                    Is(doubled[i], 4) ? GradientMistake.UpstreamAppliedTwice : Is(doubled[i], 1) ? GradientMistake.UpstreamDropped : GradientMistake.Unknown,
                    Place(i),
                    Is(doubled[i], 4) ? "The gradient from above is multiplied in twice: with twice as much of it the result is four times as large."
                        : Is(doubled[i], 1) ? "Of the gradient from above only the sign counts: with twice as much of it the result is the same."
                        : "The result is not in proportion to the gradient from above: with twice as much of it the result is not twice as large.");
            }
            else if (!Is(turned[i], -1))
            {
                Found(GradientMistake.Unknown, Place(i), "The sign of the gradient from above is lost: with the opposite sign the result is not the opposite.");
            }
        }
    }

    /// <summary>Another batch after this one, fewer samples, one sample, other parameters: where only one of them is wrong, that says why.</summary>
    private void LookAtOtherBatches(Tensor<T> input)
    {
        int samples = (int)input.Lengths[0];
        bool? here = IsRight(input);
        if (here == false && samples > 1 && IsRight(First(input, 1)) == true)
        {
            Found(GradientMistake.RightForOneSampleOnly, place, $"With the first sample alone the gradient is right, with all {samples} it is wrong.");
        }

        if (here != true)
        {
            return;
        }

        Tensor<T> other = Other(input);
        Tensor<T> upstream = Random(layer.Forward(other).Lengths, options.Seed + 1);
        layer.Forward(input);
        T[][] first = Gradients(other, upstream);
        T[][] second = Gradients(other, upstream);
        bool sameBits = first.Zip(second, (x, y) => Bits<T>.Same(x, y)).All(same => same);
        if (!sameBits || IsRight(other) == false)
        {
            Found(GradientMistake.StaleCache, place, "The gradient of a batch is wrong after another batch: the backward pass uses values that an earlier forward pass left.");
        }
        else if (samples > 1 && IsRight(First(input, (samples + 1) / 2)) == false)
        {
            Found(GradientMistake.StaleCache, place, $"After a batch of {samples} samples the gradient of one of {(samples + 1) / 2} is wrong: the backward pass uses memory that the larger batch left.");
        }

        LookAwayFromTheStart(input);
    }

    private void LookAwayFromTheStart(Tensor<T> input)
    {
        if (layer.Parameters.Count == 0)
        {
            return;
        }

        var start = new Bits<T>(layer.Parameters.Select(parameter => (parameter.Name, parameter.Value)));
        var random = new NumPyRandom(options.Seed + 2);
        foreach (Parameter<T> parameter in layer.Parameters)
        {
            double scale = Away * (Magnitude.Of(parameter.Value) is > 0 and var magnitude ? magnitude : 1);
            foreach (ref T value in parameter.Value.AsSpan())
            {
                value += T.CreateTruncating(scale * random.Randn());
            }
        }

        if (IsRight(input) == false)
        {
            Found(GradientMistake.WrongAfterTraining, place, "The gradient is right with the parameters as they are, and wrong once they have moved: something of the start is still used.");
        }

        start.Restore();
    }

    /// <summary>Whether the gradient along a random direction is right for an input; null where the layer does not take it.</summary>
    private bool? IsRight(Tensor<T> x)
    {
        Subject<T> subject;
        try
        {
            subject = new LayerSubject<T>(layer, null, x, null, options.Seed).Create();
        }
        catch (ArgumentException)
        {
            return null; // e.g. too few samples for their variance
        }

        return double.IsFinite(subject.LossScale) ? DirectionCheck.IsRight(subject, options) : null;
    }

    private T[][] Gradients(Tensor<T> x, Tensor<T> upstream)
    {
        layer.Forward(x);
        Discard();
        return Read(layer.Backward(upstream));
    }

    /// <summary>Copies of all gradients, the parameters' and then the input's.</summary>
    private T[][] Read(Tensor<T> inputGradient) =>
    [
        .. layer.Parameters.Select(parameter => parameter.HasGradient ? parameter.Gradient.AsSpan().ToArray() : new T[parameter.Gradient.FlattenedLength]),
        .. layer.HasInputGradient ? [inputGradient.AsSpan().ToArray()] : Array.Empty<T[]>(),
    ];

    private void Discard()
    {
        foreach (Parameter<T> parameter in layer.Parameters)
        {
            parameter.DiscardGradient();
        }
    }

    private void Report(GradientMistake mistake, IEnumerable<string> changed, string sentence)
    {
        if (changed.ToArray() is { Length: > 0 } names)
        {
            Found(mistake, place, string.Format(CultureInfo.InvariantCulture, sentence, string.Join(" and ", names)));
        }
    }

    private void Found(GradientMistake mistake, string where, string evidence) => findings.Add(new ProbeFinding(mistake, where, evidence));

    /// <summary>A parameter, or the layer for the gradient of its input.</summary>
    private string Place(int tensor) => tensor < layer.Parameters.Count ? layer.Parameters[tensor].Name : place;

    /// <summary>The samples in the opposite order and, where the input is a number that can be changed, a little nearer to 0.</summary>
    private Tensor<T> Other(Tensor<T> input)
    {
        int samples = (int)input.Lengths[0];
        int length = (int)input.FlattenedLength / samples;
        T[] values = new T[input.FlattenedLength];
        for (int i = 0; i < samples; i++)
        {
            input.AsSpan().Slice((samples - 1 - i) * length, length).CopyTo(values.AsSpan(i * length));
        }

        if (layer.HasInputGradient)
        {
            TensorPrimitives.Multiply(values, T.CreateTruncating(Nearer), values.AsSpan());
        }

        return Tensor.Create(values, input.Lengths);
    }

    private static Tensor<T> First(Tensor<T> input, int samples)
    {
        nint[] shape = input.Lengths.ToArray();
        int length = (int)(input.FlattenedLength / shape[0]);
        shape[0] = samples;
        return Tensor.Create(input.AsSpan()[..(samples * length)].ToArray(), shape);
    }

    private static Tensor<T> Random(ReadOnlySpan<nint> shape, uint seed) => Projection.Weights<T>(shape, seed);

    private static Tensor<T> Copy(Tensor<T> tensor) => Tensor.Create(tensor.AsSpan().ToArray(), tensor.Lengths);

    private static Tensor<T> Times(Tensor<T> tensor, T factor) => Tensor.Create([.. tensor.AsSpan().ToArray().Select(value => factor * value)], tensor.Lengths);

    private static bool AllFinite(Tensor<T> tensor) => Count(tensor.AsSpan()) == 0;

    private static int Count(ReadOnlySpan<T> values)
    {
        int count = 0;
        foreach (T value in values)
        {
            count += T.IsFinite(value) ? 0 : 1;
        }

        return count;
    }

    private static double Largest(T[] values) => values.Select(value => Math.Abs(double.CreateTruncating(value))).DefaultIfEmpty().Max();

    private static double Far(T[] left, T[] right) => left.Zip(right, (x, y) => Math.Abs(double.CreateTruncating(x - y))).DefaultIfEmpty().Max();
}
