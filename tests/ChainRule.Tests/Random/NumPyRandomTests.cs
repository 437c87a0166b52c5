using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ChainRule.Random;
using Xunit;

namespace ChainRule.Tests.Random;

/// <summary>
/// The generator against NumPy: streams, checksums and samples printed by <c>tests/oracle/numpy_random.py</c>.
/// </summary>
public sealed class NumPyRandomTests
{
    /// <summary>
    /// Where the platform's logarithm is not NumPy's, it is off by one unit in the last place; the quotient, the root
    /// and the product that follow can make two of it (measured: glibc with and without fused multiply-add, 65 of
    /// 1,000,000 normal values differ, the worst by two).
    /// </summary>
    private const long UnitsInTheLastPlace = 2;

    private static readonly JsonElement Fixture = Load("numpy_random.json");

    private static readonly int Count = Fixture.GetProperty("count").GetInt32();

    private static readonly int[] Positions = [.. Fixture.GetProperty("positions").EnumerateArray().Select(position => position.GetInt32())];

    /// <summary>Whether the platform's logarithm gives the bits that NumPy's C library gave: then randn must, too.</summary>
    private static readonly bool HasNumPysLogarithm = LogarithmsAreNumPys();

    public static TheoryData<uint> Seeds => [0, 1, 42, uint.MaxValue];

    public static TheoryData<uint, long, long> SeedsAndRanges
    {
        get
        {
            var data = new TheoryData<uint, long, long>();
            foreach (JsonElement stream in Fixture.GetProperty("streams").EnumerateArray())
            {
                if (stream.GetProperty("function").GetString() == "randint")
                {
                    data.Add(stream.GetProperty("seed").GetUInt32(), stream.GetProperty("low").GetInt64(), stream.GetProperty("high").GetInt64());
                }
            }

            return data;
        }
    }

    /// <summary>Protects the seeding, the recurrence, the tempering and the 53 bits of a uniform number.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rand_is_NumPys_bit_for_bit(uint seed)
    {
        JsonElement expected = Stream("rand", seed);
        var random = new NumPyRandom(seed);

        double[] values = Draw(random.Rand);

        AssertSamples(expected, values);
        AssertChecksum(expected, values);
        AssertNext(expected, random);
    }

    /// <summary>Protects the polar method: which points are rejected, which of the two values comes first, the kept one.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Randn_is_NumPys_to_the_last_bit_that_the_logarithm_allows(uint seed)
    {
        JsonElement expected = Stream("randn", seed);
        var random = new NumPyRandom(seed);

        double[] values = Draw(random.Randn);

        AssertSamples(expected, values, UnitsInTheLastPlace);
        Assert.Equal(expected.GetProperty("quantisedSha256").GetString(), Checksum<long>(Array.ConvertAll(values, Quantised)));
        if (HasNumPysLogarithm)
        {
            AssertChecksum(expected, values);
        }

        AssertNext(expected, random);
    }

    /// <summary>Protects low + (high − low) · rand: the order of these operations decides the last bit.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Uniform_is_NumPys_bit_for_bit(uint seed)
    {
        JsonElement expected = Stream("uniform", seed);
        var random = new NumPyRandom(seed);

        double[] values = Draw(() => random.Uniform(-3.5, 7.25));

        AssertSamples(expected, values);
        AssertChecksum(expected, values);
        AssertNext(expected, random);
    }

    /// <summary>Protects masked rejection, the choice between 32 and 64 bits, and the range of one number that draws nothing.</summary>
    [Theory]
    [MemberData(nameof(SeedsAndRanges))]
    public void RandInt_is_NumPys_bit_for_bit(uint seed, long low, long high)
    {
        JsonElement expected = Fixture.GetProperty("streams").EnumerateArray().Single(stream =>
            stream.GetProperty("function").GetString() == "randint" && stream.GetProperty("seed").GetUInt32() == seed
            && stream.GetProperty("low").GetInt64() == low && stream.GetProperty("high").GetInt64() == high);
        var random = new NumPyRandom(seed);

        long[] values = Draw(() => random.RandInt(low, high));

        AssertSamples(expected, values);
        AssertChecksum(expected, values);
        AssertNext(expected, random);
    }

    /// <summary>Protects the direction of the shuffle and that a permutation draws no more and no less than NumPy's.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Permutations_one_after_the_other_are_NumPys(uint seed)
    {
        var random = new NumPyRandom(seed);
        foreach (JsonElement expected in Rows("permutations", seed))
        {
            int[] order = random.Permutation(expected.GetProperty("count").GetInt32());

            AssertSamples(expected, order);
            AssertChecksum(expected, order);
            AssertNext(expected, random);
        }
    }

    /// <summary>Protects shuffling what is already shuffled: the values move, not a fresh order of them.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Shuffling_twice_is_NumPys(uint seed)
    {
        JsonElement expected = Rows("shuffles", seed).Single();
        var random = new NumPyRandom(seed);
        int[] numbers = [.. Enumerable.Range(0, 1_000)];

        foreach (JsonElement round in expected.GetProperty("rounds").EnumerateArray())
        {
            random.Shuffle<int>(numbers);

            AssertSamples(round, numbers);
            AssertChecksum(round, numbers);
        }

        AssertNext(expected, random);
    }

    /// <summary>Protects the kept normal value: other draws in between neither use it nor lose it.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void An_odd_number_of_normals_keeps_one_through_other_draws(uint seed)
    {
        JsonElement expected = Rows("keptNormals", seed).Single();
        var random = new NumPyRandom(seed);

        AssertClose(Doubles(expected.GetProperty("randn3")), random.Randn(3));
        Assert.Equal(Doubles(expected.GetProperty("rand2")), random.Rand(2));
        Assert.Equal(expected.GetProperty("randint2").EnumerateArray().Select(value => value.GetInt64()), random.RandInt(0, 10, 2));
        AssertClose(Doubles(expected.GetProperty("randn2")), random.Randn(2));
        AssertNext(expected, random);
    }

    /// <summary>Protects draws of 32 and 64 bits that fall across the edge of a block of 624 words.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void All_kinds_of_draws_in_turn_are_NumPys(uint seed)
    {
        JsonElement expected = Rows("interleaved", seed).Single();
        var random = new NumPyRandom(seed);
        var values = new List<long>();

        for (int round = 0; round < 2_000; round++)
        {
            values.Add(random.RandInt(0, 10));
            values.Add(Quantised(random.Rand()));
            values.Add(random.RandInt(-5, 1L << 33));
            values.Add(Quantised(random.Randn()));
            values.Add(Quantised(random.Uniform(-3.5, 7.25)));
            values.AddRange(random.Permutation(3).Select(index => (long)index));
        }

        AssertSamples(expected, [.. values]);
        AssertChecksum(expected, values.ToArray());
    }

    /// <summary>Protects the lesson's start: the weights of its XOR network, in the order in which the lesson draws them.</summary>
    [Fact]
    public void Seed_42_draws_the_weights_of_the_lesson()
    {
        JsonElement expected = Fixture.GetProperty("lesson");
        JsonElement initial = Load("lesson.json").GetProperty("xor").GetProperty("initial");
        var random = new NumPyRandom(42);

        Tensor<double> hidden = random.Randn(2, 8);
        Tensor<double> output = random.Randn(8, 1);

        Assert.Equal([2, 8], hidden.Lengths);
        Assert.Equal([8, 1], output.Lengths);
        AssertClose(Doubles(expected.GetProperty("randn2x8")), hidden);
        AssertClose(Doubles(expected.GetProperty("randn8x1")), output);
        AssertClose([.. initial.GetProperty("W1").EnumerateArray().SelectMany(Doubles)], hidden * Math.Sqrt(2.0 / 2));
        AssertClose([.. initial.GetProperty("W2").EnumerateArray().SelectMany(Doubles)], output * Math.Sqrt(2.0 / 8));
    }

    /// <summary>Protects a fresh start: a normal value kept from before would shift every normal value after the seed.</summary>
    [Fact]
    public void Seed_starts_again_and_forgets_the_kept_normal_value()
    {
        var used = new NumPyRandom(1);
        used.Randn();
        used.Seed(42);
        var fresh = new NumPyRandom(42);

        Assert.Equal(Draw(fresh.Randn), Draw(used.Randn));
    }

    /// <summary>Protects the tensor forms: the same values as one by one, in row-major order, in the shape asked for.</summary>
    [Fact]
    public void A_tensor_holds_the_values_that_single_draws_would_give()
    {
        var one = new NumPyRandom(42);
        var many = new NumPyRandom(42);

        AssertSame(one.Rand, many.Rand(3, 5, 7));
        AssertSame(one.Randn, many.Randn(3, 5, 7));
        AssertSame(() => one.Uniform(-3.5, 7.25), many.Uniform(-3.5, 7.25, 3, 5, 7));
        AssertSame(() => one.RandInt(-5, 1L << 33), many.RandInt(-5, 1L << 33, 3, 5, 7));

        static void AssertSame<T>(Func<T> draw, Tensor<T> drawn)
        {
            Assert.Equal([3, 5, 7], drawn.Lengths);
            Assert.Equal(drawn, Enumerable.Range(0, 105).Select(_ => draw()));
        }
    }

    /// <summary>Protects calls without anything to draw: they give something empty and leave the stream where it is.</summary>
    [Fact]
    public void Nothing_to_draw_draws_nothing()
    {
        var random = new NumPyRandom(42);

        Assert.Equal([0, 3], random.Rand(0, 3).Lengths);
        Assert.Equal([3, 0], random.Randn(3, 0).Lengths);
        Assert.Equal([0], random.Uniform(0, 1, 0).Lengths);
        Assert.Equal([0, nint.MaxValue], random.RandInt(0, 10, 0, nint.MaxValue).Lengths);
        Assert.Empty(random.Permutation(0));
        random.Shuffle<int>([]);
        random.Shuffle([1]);

        Assert.Equal(new NumPyRandom(42).Rand(), random.Rand());
    }

    /// <summary>Protects any kind of value in a shuffle, and that none is lost or doubled.</summary>
    [Fact]
    public void Shuffle_orders_any_values_as_it_orders_numbers()
    {
        int[] order = new NumPyRandom(42).Permutation(500);
        string[] words = [.. Enumerable.Range(0, 500).Select(index => $"word {index}")];

        new NumPyRandom(42).Shuffle<string>(words);

        Assert.Equal(order.Select(index => $"word {index}"), words);
        Assert.Equal(Enumerable.Range(0, 500), order.Order());
    }

    /// <summary>
    /// Protects that mistakes are told before anything is drawn: the message names the numbers given, and the next
    /// values are those of a generator that was never misused.
    /// </summary>
    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_wrong_argument_is_explained_and_leaves_the_state_alone(string parameter, string[] words, Action<NumPyRandom> mistake)
    {
        var random = new NumPyRandom(42);
        var untouched = new NumPyRandom(42);
        Assert.Equal(untouched.Randn(), random.Randn());

        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => mistake(random));

        Assert.Equal(parameter, error.ParamName);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        Assert.Equal(untouched.Randn(), random.Randn());
        Assert.Equal(untouched.Rand(), random.Rand());
    }

    public static TheoryData<string, string[], Action<NumPyRandom>> Mistakes => new()
    {
        { "high", ["low = 5", "high = 5", "above low"], random => random.RandInt(5, 5) },
        { "high", ["low = 5", "high = -3", "above low"], random => random.RandInt(5, -3) },
        { "high", ["low = 5", "high = 5", "above low"], random => random.RandInt(5, 5, 2, 3) },
        { "high", ["low = 1.5", "high = 1.5", "above low"], random => random.Uniform(1.5, 1.5) },
        { "high", ["low = 1.5", "high = -2", "above low"], random => random.Uniform(1.5, -2, 4) },
        { "low", ["low = NaN", "finite"], random => random.Uniform(double.NaN, 1) },
        { "high", ["high = NaN", "finite"], random => random.Uniform(0, double.NaN, 4) },
        { "low", ["low = -Infinity", "finite"], random => random.Uniform(double.NegativeInfinity, 0) },
        { "high", ["high = Infinity", "finite"], random => random.Uniform(0, double.PositiveInfinity) },
        { "high", ["1.7976931348623157E+308", "high - low"], random => random.Uniform(double.MinValue, double.MaxValue) },
        { "count", ["-1", "0 or more"], random => random.Permutation(-1) },
        { "shape", ["(2, -3)", "0 or more"], random => random.Rand(2, -3) },
        { "shape", ["(2, -3)", "0 or more"], random => random.Randn(2, -3) },
        { "shape", ["(2, -3)", "0 or more"], random => random.Uniform(0, 1, 2, -3) },
        { "shape", ["(2, -3)", "0 or more"], random => random.RandInt(0, 10, 2, -3) },
        { "shape", ["(65536, 65536)", "too large"], random => random.Randn(65_536, 65_536) },
        { "shape", ["empty", "at least one dimension"], random => random.Rand([]) },
    };

    /// <summary>Protects the inner loops of initialisation and shuffling from garbage.</summary>
    [Fact]
    public void Single_draws_and_shuffles_allocate_nothing()
    {
        var random = new NumPyRandom(42);
        int[] numbers = [.. Enumerable.Range(0, 1_000)];
        Assert.Equal(0, Allocation.OfHundredRuns(Round));

        void Round()
        {
            random.Rand();
            random.Randn();
            random.Uniform(-3.5, 7.25);
            random.RandInt(0, 10);
            random.RandInt(-5, 1L << 33);
            random.Shuffle<int>(numbers);
            random.Seed(7);
        }
    }

    private static JsonElement Load(string name)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "fixtures", name));
        return JsonElement.Parse(new StreamReader(file).ReadToEnd());
    }

    private static JsonElement Stream(string function, uint seed) =>
        Rows("streams", seed).Single(stream => stream.GetProperty("function").GetString() == function);

    private static IEnumerable<JsonElement> Rows(string part, uint seed) =>
        Fixture.GetProperty(part).EnumerateArray().Where(row => row.GetProperty("seed").GetUInt32() == seed);

    private static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    private static T[] Draw<T>(Func<T> draw) => [.. Enumerable.Range(0, Count).Select(_ => draw())];

    private static bool LogarithmsAreNumPys()
    {
        JsonElement expected = Fixture.GetProperty("logarithms");
        double divisor = expected.GetProperty("divisor").GetDouble();
        double[] logarithms = [.. Enumerable.Range(1, expected.GetProperty("count").GetInt32()).Select(number => Math.Log(number / divisor))];
        return expected.GetProperty("sha256").GetString() == Checksum<double>(logarithms);
    }

    /// <summary>Whole multiples of 2⁻³⁰, which a last bit does not change.</summary>
    private static long Quantised(double value) => (long)Math.Floor(value * (1L << 30));

    private static string Checksum<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values)));

    private static void AssertChecksum<T>(JsonElement expected, T[] values)
        where T : unmanaged => Assert.Equal(expected.GetProperty("sha256").GetString(), Checksum<T>(values));

    /// <summary>The next uniform number shows that the stream stands where NumPy's stands.</summary>
    private static void AssertNext(JsonElement expected, NumPyRandom random) =>
        Assert.Equal(expected.GetProperty("next").GetDouble(), random.Rand());

    private static void AssertSamples(JsonElement expected, long[] values) =>
        Assert.Equal(
            expected.GetProperty("samples").EnumerateArray().Select(sample => sample.GetInt64()),
            Positions.Where(position => position < values.Length).Select(position => values[position]));

    private static void AssertSamples(JsonElement expected, int[] values) =>
        AssertSamples(expected, Array.ConvertAll(values, value => (long)value));

    private static void AssertSamples(JsonElement expected, double[] values, long unitsInTheLastPlace = 0) =>
        AssertClose(
            Doubles(expected.GetProperty("samples")),
            Positions.Where(position => position < values.Length).Select(position => values[position]),
            unitsInTheLastPlace);

    private static void AssertClose(double[] expected, IEnumerable<double> actual, long unitsInTheLastPlace = UnitsInTheLastPlace)
    {
        double[] values = [.. actual];
        Assert.Equal(expected.Length, values.Length);
        for (int index = 0; index < expected.Length; index++)
        {
            // Neighbouring doubles of one sign have neighbouring bit patterns.
            long distance = Math.Abs(BitConverter.DoubleToInt64Bits(expected[index]) - BitConverter.DoubleToInt64Bits(values[index]));
            Assert.True(distance <= unitsInTheLastPlace, $"Value {index}: expected {expected[index]:R}, drawn {values[index]:R}.");
        }
    }
}
