using System.Numerics;
using System.Numerics.Tensors;
using static System.FormattableString;

namespace ChainRule.Random;

/// <summary>
/// NumPy's legacy random numbers: after the same seed, the same calls give the same values as
/// <c>np.random.seed</c>, <c>rand</c>, <c>randn</c>, <c>uniform</c>, <c>randint</c>, <c>permutation</c> and
/// <c>shuffle</c>.
/// </summary>
/// <remarks>
/// <para>Everything is NumPy's bit for bit, except that <see cref="Randn()"/> takes a logarithm: where the platform's
/// <see cref="Math.Log(double)"/> is not the C library's that NumPy called, a value may differ in its last bits.</para>
/// <para>Sources: MT19937 of M. Matsumoto and T. Nishimura (ACM Transactions on Modeling and Computer Simulation
/// 8(1), 1998); the polar method of G. Marsaglia and T. A. Bray ("A convenient method for generating normal
/// variables", SIAM Review 6(3), 1964); the shuffle of R. A. Fisher and F. Yates in the form of R. Durstenfeld
/// ("Algorithm 235: random permutation", Communications of the ACM 7(7), 1964). How they are put together (which bits
/// are used, in which order, what is rejected and what is kept) is the behaviour of NumPy's <c>RandomState</c>, which
/// NumPy has frozen so that seeded programs stay reproducible.</para>
/// <para>Not for secrets, and not for several threads at once: give each its own generator.</para>
/// </remarks>
public sealed class NumPyRandom
{
    // These two are the generator's whole state.
    private readonly MersenneTwister twister = new();
    private double? keptNormal;

    /// <summary>A generator in the state that <c>np.random.seed(seed)</c> leaves.</summary>
    /// <param name="seed">Any 32-bit number.</param>
    public NumPyRandom(uint seed) => Seed(seed);

    /// <summary>
    /// Starts again from <paramref name="seed"/>, as <c>np.random.seed(seed)</c> does, and forgets the normal value
    /// that <see cref="Randn()"/> may have kept.
    /// </summary>
    /// <param name="seed">Any 32-bit number.</param>
    public void Seed(uint seed)
    {
        twister.Seed(seed);
        keptNormal = null;
    }

    /// <summary>
    /// A number from the uniform distribution over [0, 1), a multiple of 2⁻⁵³: <c>np.random.rand()</c>.
    /// </summary>
    public double Rand()
    {
        // 27 bits of one word above 26 bits of the next: the 53 that a double holds.
        long upper = twister.NextUInt32() >> 5;
        long lower = twister.NextUInt32() >> 6;
        return ((upper << 26) | lower) * (1.0 / (1L << 53));
    }

    /// <summary>Numbers as from <see cref="Rand()"/>, in row-major order: <c>np.random.rand(*shape)</c>.</summary>
    /// <param name="shape">The length of each dimension; 0 gives an empty tensor.</param>
    /// <exception cref="ArgumentException">The shape has no dimension, a negative length, or more elements than an array can hold.</exception>
    public Tensor<double> Rand(params ReadOnlySpan<nint> shape)
    {
        double[] values = Allocate<double>(shape);
        foreach (ref double value in values.AsSpan())
        {
            value = Rand();
        }

        return Tensor.Create(values, shape);
    }

    /// <summary>
    /// A number from the standard normal distribution (mean 0, variance 1) by the polar method: <c>np.random.randn()</c>.
    /// </summary>
    /// <remarks>
    /// For a point (x₁, x₂) drawn evenly from the unit disc, with s = x₁² + x₂², the products of x₁ and x₂ with
    /// √(−2 ln s / s) are two independent normal numbers. The one of x₂ is returned, the one of x₁ kept for the next call.
    /// </remarks>
    public double Randn()
    {
        if (keptNormal is double kept)
        {
            keptNormal = null;
            return kept;
        }

        double x1, x2, squaredRadius;
        do
        {
            x1 = (2.0 * Rand()) - 1.0;
            x2 = (2.0 * Rand()) - 1.0;
            squaredRadius = (x1 * x1) + (x2 * x2);
        }
        while (squaredRadius is >= 1.0 or 0.0);

        double scale = Math.Sqrt(-2.0 * Math.Log(squaredRadius) / squaredRadius);
        keptNormal = scale * x1;
        return scale * x2;
    }

    /// <summary>Numbers as from <see cref="Randn()"/>, in row-major order: <c>np.random.randn(*shape)</c>.</summary>
    /// <param name="shape">The length of each dimension; 0 gives an empty tensor.</param>
    /// <exception cref="ArgumentException">The shape has no dimension, a negative length, or more elements than an array can hold.</exception>
    public Tensor<double> Randn(params ReadOnlySpan<nint> shape)
    {
        double[] values = Allocate<double>(shape);
        foreach (ref double value in values.AsSpan())
        {
            value = Randn();
        }

        return Tensor.Create(values, shape);
    }

    /// <summary>
    /// A number from the uniform distribution over [<paramref name="low"/>, <paramref name="high"/>):
    /// <c>np.random.uniform(low, high)</c>, which is low + (high − low) · rand.
    /// </summary>
    /// <param name="low">The smallest number that can be drawn.</param>
    /// <param name="high">The end of the interval, itself drawn only where the sum rounds up to it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound or their distance is not finite, or <paramref name="high"/> is not above <paramref name="low"/>.</exception>
    public double Uniform(double low, double high)
    {
        double width = Width(low, high);
        return low + (width * Rand());
    }

    /// <summary>Numbers as from <see cref="Uniform(double, double)"/>, in row-major order: <c>np.random.uniform(low, high, shape)</c>.</summary>
    /// <param name="low">The smallest number that can be drawn.</param>
    /// <param name="high">The end of the interval, itself drawn only where the sum rounds up to it.</param>
    /// <param name="shape">The length of each dimension; 0 gives an empty tensor.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound or their distance is not finite, or <paramref name="high"/> is not above <paramref name="low"/>.</exception>
    /// <exception cref="ArgumentException">The shape has no dimension, a negative length, or more elements than an array can hold.</exception>
    public Tensor<double> Uniform(double low, double high, params ReadOnlySpan<nint> shape)
    {
        double width = Width(low, high);
        double[] values = Allocate<double>(shape);
        foreach (ref double value in values.AsSpan())
        {
            value = low + (width * Rand());
        }

        return Tensor.Create(values, shape);
    }

    /// <summary>
    /// A whole number from <paramref name="low"/> up to, but not including, <paramref name="high"/>, all equally
    /// likely: <c>np.random.randint(low, high)</c> for NumPy's 64-bit integers.
    /// </summary>
    /// <param name="low">The smallest number that can be drawn.</param>
    /// <param name="high">One more than the largest.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="high"/> is not above <paramref name="low"/>.</exception>
    public long RandInt(long low, long high)
    {
        ulong farthest = Farthest(low, high);
        return unchecked(low + (long)UpTo(farthest));
    }

    /// <summary>Whole numbers as from <see cref="RandInt(long, long)"/>, in row-major order: <c>np.random.randint(low, high, shape)</c>.</summary>
    /// <param name="low">The smallest number that can be drawn.</param>
    /// <param name="high">One more than the largest.</param>
    /// <param name="shape">The length of each dimension; 0 gives an empty tensor.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="high"/> is not above <paramref name="low"/>.</exception>
    /// <exception cref="ArgumentException">The shape has no dimension, a negative length, or more elements than an array can hold.</exception>
    public Tensor<long> RandInt(long low, long high, params ReadOnlySpan<nint> shape)
    {
        ulong farthest = Farthest(low, high);
        long[] values = Allocate<long>(shape);
        foreach (ref long value in values.AsSpan())
        {
            value = unchecked(low + (long)UpTo(farthest));
        }

        return Tensor.Create(values, shape);
    }

    /// <summary>
    /// The numbers 0, 1, …, <paramref name="count"/> − 1 in random order: <c>np.random.permutation(count)</c>.
    /// </summary>
    /// <param name="count">How many; 0 gives an empty array.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public int[] Permutation(int count)
    {
        if (count < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count),
                Invariant($"Permutation orders the numbers from 0 to count - 1: expected a count of 0 or more, got {count}."));
        }

        int[] order = new int[count];
        for (int index = 0; index < order.Length; index++)
        {
            order[index] = index;
        }

        Shuffle(order.AsSpan());
        return order;
    }

    /// <summary>
    /// Puts the values into random order, all orders equally likely, in place: <c>np.random.shuffle(values)</c> for a
    /// list or an array of one dimension.
    /// </summary>
    /// <param name="values">What to shuffle.</param>
    public void Shuffle<T>(Span<T> values)
    {
        for (int last = values.Length - 1; last > 0; last--)
        {
            int chosen = (int)UpTo((ulong)last);
            (values[last], values[chosen]) = (values[chosen], values[last]);
        }
    }

    /// <summary>Writes the state, as <c>np.random.get_state</c> gives it.</summary>
    internal void Write(BinaryWriter writer)
    {
        twister.Write(writer);
        writer.Write(keptNormal is not null);
        writer.Write(keptNormal ?? 0);
    }

    /// <summary>Takes over a state that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    internal void Read(BinaryReader reader)
    {
        twister.Read(reader);
        bool isKept = reader.ReadBoolean();
        double normal = reader.ReadDouble();
        keptNormal = isKept ? normal : null;
    }

    /// <summary>
    /// A number from 0 to <paramref name="maximum"/>, both included: draws as many bits as the maximum has until they
    /// are not above it. A maximum of 0 draws nothing.
    /// </summary>
    private ulong UpTo(ulong maximum)
    {
        if (maximum == 0)
        {
            return 0;
        }

        ulong mask = ulong.MaxValue >> BitOperations.LeadingZeroCount(maximum);
        ulong value;
        do
        {
            value = mask & (maximum <= uint.MaxValue ? twister.NextUInt32() : twister.NextUInt64());
        }
        while (value > maximum);

        return value;
    }

    private static double Width(double low, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
        {
            throw new ArgumentOutOfRangeException(
                double.IsFinite(low) ? nameof(high) : nameof(low),
                Invariant($"Uniform: expected two finite bounds, got low = {low}, high = {high}."));
        }

        if (high <= low)
        {
            throw new ArgumentOutOfRangeException(
                nameof(high),
                Invariant($"Uniform draws from low up to high: expected high above low, got low = {low}, high = {high}."));
        }

        double width = high - low;
        if (!double.IsFinite(width))
        {
            throw new ArgumentOutOfRangeException(
                nameof(high),
                Invariant($"Uniform: expected high - low to be finite, got low = {low}, high = {high}, whose distance is more than a double can hold. Bring the bounds closer together."));
        }

        return width;
    }

    /// <summary>The distance from <paramref name="low"/> to the largest number below <paramref name="high"/>.</summary>
    private static ulong Farthest(long low, long high)
    {
        if (high <= low)
        {
            throw new ArgumentOutOfRangeException(
                nameof(high),
                Invariant($"RandInt draws from low up to, but not including, high: expected high above low, got low = {low}, high = {high}. For numbers up to and including N, give high = N + 1."));
        }

        return unchecked((ulong)high - (ulong)low - 1);
    }

    private static TElement[] Allocate<TElement>(ReadOnlySpan<nint> shape)
    {
        if (shape.IsEmpty)
        {
            throw new ArgumentException(
                "The shape is empty: expected at least one dimension. For a single number leave the shape out.", nameof(shape));
        }

        long count = 1;
        foreach (nint length in shape)
        {
            if (length < 0)
            {
                throw new ArgumentException(
                    $"The shape has a negative length: expected 0 or more in each dimension, got {Shape.Describe(shape)}.", nameof(shape));
            }

            if (length > 0 && count > Array.MaxLength / length)
            {
                throw new ArgumentException(
                    Invariant($"The shape is too large: expected at most {Array.MaxLength} elements, got {Shape.Describe(shape)}."), nameof(shape));
            }

            count *= length;
        }

        return GC.AllocateUninitializedArray<TElement>((int)count);
    }
}
