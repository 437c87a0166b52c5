using System.Numerics;
using ChainRule.Kernels;
using Xunit;

namespace ChainRule.Tests.Kernels;

/// <summary>Every number of a span is changed once, whatever the length, also where the result overwrites what is read.</summary>
public class ElementwiseTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void In_place_each_number_is_mapped_once(int length)
    {
        float[] x = Numbers(length);
        Elementwise.Map(default(PlusOne), x, x);
        Assert.Equal(Numbers(length).Select(value => value + 1), x);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void In_place_each_pair_is_mapped_once(int length)
    {
        float[] x = Numbers(length);
        Elementwise.Map(default(Difference), x, [.. x.Select(value => value * 3)], x);
        Assert.Equal(Numbers(length).Select(value => -2 * value), x);
    }

    /// <summary>Long enough to be divided, with lengths that no thread's share divides, and in place.</summary>
    [Theory]
    [InlineData(2, 65_536)]
    [InlineData(3, 65_537)]
    [InlineData(7, 70_001)]
    public void Any_number_of_threads_maps_each_number_once(int threads, int length)
    {
        float[] x = Numbers(length);
        Elementwise.Map(default(PlusOne), x, x, threads);
        Assert.Equal(Numbers(length).Select(value => value + 1), x);
        Elementwise.Map(default(Difference), x, Numbers(length), x, threads);
        Assert.All(x, difference => Assert.Equal(1, difference));
    }

    /// <summary>The numbers behind the span must stay: 99 marks them.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void An_update_changes_each_number_and_its_state_once_and_nothing_behind_them(int length)
    {
        float[] value = [.. Numbers(length), 99];
        float[] state = [.. Numbers(length), 99];
        Elementwise.Update(default(Step), value.AsSpan(0, length), Numbers(length), [], state.AsSpan(0, length), []);
        Assert.Equal([.. Numbers(length).Select(x => x + 10), 99], value);
        Assert.Equal([.. Numbers(length).Select(x => 2 * x), 99], state);
    }

    [Fact]
    public void A_state_of_another_length_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Elementwise.Update(default(Step), new float[8], new float[8], [], new float[7], []));

    /// <summary>Subnormal numbers slow every product down that they come into: functions and optimizers write 0 instead, but let NaN and the normal ones pass.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void Subnormal_results_become_zero(int length)
    {
        double[] cycle = [1e-310, -1e-310, double.Epsilon, NormalDouble, -NormalDouble, double.NaN, double.NegativeInfinity, 0, 1];
        double[] normal = [0, 0, 0, NormalDouble, -NormalDouble, double.NaN, double.NegativeInfinity, 0, 1];
        double[] x = [.. Enumerable.Range(0, length).Select(i => cycle[i % cycle.Length])];
        double[] expected = [.. Enumerable.Range(0, length).Select(i => normal[i % normal.Length])];
        double[] result = new double[length];
        Elementwise.Map(default(Same), x, result);
        Assert.Equal(expected, result);
        Elementwise.Map(default(First), x, x, result);
        Assert.Equal(expected, result);
        double[] state = [.. x];
        Elementwise.Update(default(Stay), x, new double[length], state, [], []);
        Assert.Equal(expected, x);
        Assert.Equal(expected, state);
    }

    [Fact]
    public void Subnormal_results_become_zero_in_single_precision_too()
    {
        float[] result = new float[3];
        Elementwise.Map(default(SameSingle), [1e-39f, -1.1754942e-38f, 1.17549435e-38f], result);
        Assert.Equal([0, 0, 1.17549435e-38f], result);
    }

    private const double NormalDouble = 2.2250738585072014e-308;

    private static float[] Numbers(int length) => [.. Enumerable.Range(1, length).Select(i => (float)i)];

    private readonly struct PlusOne : IUnary<float>
    {
        public Vector<float> Invoke(Vector<float> x) => x + Vector<float>.One;
    }

    private readonly struct Difference : IBinary<float>
    {
        public Vector<float> Invoke(Vector<float> x, Vector<float> y) => x - y;
    }

    private readonly struct Step : IUpdate<float>
    {
        public Vector<float> Invoke(Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third)
        {
            second += gradient;
            return value + new Vector<float>(10);
        }
    }

    private readonly struct Same : IUnary<double>
    {
        public Vector<double> Invoke(Vector<double> x) => x;
    }

    private readonly struct SameSingle : IUnary<float>
    {
        public Vector<float> Invoke(Vector<float> x) => x;
    }

    private readonly struct First : IBinary<double>
    {
        public Vector<double> Invoke(Vector<double> x, Vector<double> y) => x;
    }

    private readonly struct Stay : IUpdate<double>
    {
        public Vector<double> Invoke(Vector<double> value, Vector<double> gradient, ref Vector<double> first, ref Vector<double> second, ref Vector<double> third) => value;
    }
}
