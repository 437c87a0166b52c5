using System.Globalization;
using System.Numerics.Tensors;
using ChainRule.Explanation;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Tests.Oracle;
using ChainRule.Verification;
using CsCheck;
using Xunit;

namespace ChainRule.Tests.Explanation;

/// <summary>A derivation is right where its parts add up, its formulas give its numbers, and ways that know nothing of it agree.</summary>
public class ExplainerTests
{
    // A sum is as exact as its largest part. Where a unit is saturated, 1 − p keeps no more digits than the 1 has: with numbers
    // of about 1, as here, that leaves 10⁻¹⁶.
    private const double Rounding = 1e-16;

    // Random networks; CsCheck prints the seed of a failure.
    private static readonly Gen<(uint Network, uint Entry)> Cases = Gen.Select(Gen.UInt, Gen.UInt);

    /// <summary>NumPy's gradients of the lesson's network for its gradient check: each from its paths, with the kinks in b1 alone.</summary>
    [Fact]
    public void The_lesson_s_gradients_follow_from_their_paths()
    {
        System.Text.Json.JsonElement check = Fixture.Read("lesson.json").GetProperty("gradient_check");
        var random = new NumPyRandom(0);
        var network = new Sequential<double>(new Linear<double>(2, 4, random), new ReLU<double>(), new Linear<double>(4, 1, random), new Sigmoid<double>());
        var explainer = new Explainer<double>(network, new MeanSquaredError<double>(), Tensor.Create([0.0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), Tensor.Create([0.0, 1, 1, 0], [4, 1]));
        foreach ((string name, string tensor) in new[] { ("W1", "layer1.weight"), ("b1", "layer1.bias"), ("W2", "layer2.weight"), ("b2", "layer2.bias") })
        {
            double[] expected = Numbers(check.GetProperty("analytic").GetProperty(name));
            foreach ((double gradient, Derivation derivation) in expected.Zip(Entries(explainer, tensor)))
            {
                Near.Equal(gradient, derivation.Gradient, 1e-12, derivation.Target.Name);
                Near.Equal(gradient, derivation.Paths.Sum(path => path.Product), 1e-12, derivation.Target.Name);
                Assert.Equal(name == "b1" ? GradientVerdict.Kink : GradientVerdict.Pass, derivation.Opinions.Verdict);
            }
        }
    }

    /// <summary>The five factors of section 6, for the sample (0, 1) alone.</summary>
    [Fact]
    public void The_factors_are_those_of_the_lesson()
    {
        var random = new NumPyRandom(42);
        var network = new Sequential<double>(new Linear<double>(2, 8, random), new ReLU<double>(), new Linear<double>(8, 1, random), new Sigmoid<double>());
        Derivation derivation = new Explainer<double>(network, new MeanSquaredError<double>(), Tensor.Create([0.0, 1], [1, 2]), Tensor.Create([1.0], [1, 1])).Explain("layer1.weight[1,7]");
        DerivationPath path = Assert.Single(derivation.Paths);
        Assert.Equal(["dL/da2[0]", "da2[0]/dz2[0]", "dz2[0]/da1[7]", "da1[7]/dz1[7]", "dz1[7]/dW1[1,7]"], path.Factors.Select(factor => factor.Symbol));
        Assert.Equal(["2(a2[0] − y[0])", "σ(z2[0])(1 − σ(z2[0]))", "W2[7,0]", "[z1[7] > 0]", "x[1]"], path.Factors.Select(factor => factor.Formula.ToString()));
        Assert.Equal(["loss", "sigmoid1", "layer2", "relu1", "layer1"], path.Factors.Select(factor => factor.Layer));
    }

    /// <summary>What dropout has drawn shows in its outputs, but not where the input is 0: automatic differentiation asks the layer then.</summary>
    [Fact]
    public void A_dropped_zero_has_an_autodiff_opinion_too()
    {
        var random = new NumPyRandom(3);
        var network = new Sequential<double>(new Linear<double>(1, 6, random), new Dropout<double>(0.5, random), new Linear<double>(6, 1, random));
        Derivation derivation = new Explainer<double>(network, new MeanSquaredError<double>(), Tensor.Create([0.0], [1, 1]), Tensor.Create([1.0], [1, 1])).Explain("input[0,0]");
        Assert.NotEqual(0, derivation.Gradient);
        AssertNear(derivation.Gradient, derivation.Opinions.Autodiff!.Value, 1e-15, "autodiff");
    }

    /// <summary>A probability so near to 1 that the loss divides by its bound: the formula says so.</summary>
    [Fact]
    public void The_bound_of_the_binary_cross_entropy_stands_in_the_formula()
    {
        var network = new Sequential<double>(new Linear<double>(1, 1, new NumPyRandom(1)), new Sigmoid<double>());
        network.Parameters[0].Value[0, 0] = 30;
        Derivation derivation = new Explainer<double>(network, new BinaryCrossEntropy<double>(), Tensor.Create([1.0], [1, 1]), Tensor.Create([0.0], [1, 1])).Explain("layer1.weight[0,0]");
        Factor factor = Assert.Single(derivation.Paths).Factors[0];
        Assert.Equal(1e12, factor.Value, 1e3);
        AssertNear(factor.Value, factor.Formula.Value, 1, "the formula");
        Assert.EndsWith("/1.000e−12", factor.Formula.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Every part of a derivation, on networks of all kinds.</summary>
    [Fact]
    public void Parts_add_up_and_opinions_agree() => Cases.Sample(
        c =>
        {
            RandomNetwork<double> drawn = RandomNetwork<double>.Create(c.Network);
            var explainer = new Explainer<double>(drawn.Network, drawn.Loss, drawn.Inputs, drawn.Targets, new ExplainerOptions { MaximumPaths = 1 + (int)(c.Entry % 40) });
            Derivation derivation = explainer.Explain(Draw(explainer, c.Entry));
            string what = $"{drawn}: {derivation.Target.Name}";

            // Σ named + Σ remainders = gradient.
            double scale = derivation.Paths.Select(path => Math.Abs(path.Product)).Concat(derivation.Samples.Select(sample => Math.Abs(sample.Gradient))).Append(0).Max();
            AssertNear(derivation.Gradient, derivation.Paths.Sum(path => path.Product) + derivation.Remainder, (1e-12 * scale) + Rounding, $"{what}: sum of paths");
            AssertNear(derivation.Gradient, derivation.Samples.Sum(sample => sample.Gradient), (1e-12 * scale) + Rounding, $"{what}: sum of samples");
            AssertNear(derivation.Gradient, derivation.Terms.Sum(term => term.Product), (1e-12 * scale) + Rounding, $"{what}: sum of terms");
            Assert.Equal(derivation.PathCount, derivation.Paths.Count + derivation.Samples.Sum(sample => sample.RemainderCount));
            Assert.True(derivation.Paths.Count == Math.Min(1 + (c.Entry % 40), derivation.PathCount), what);
            foreach (SamplePart sample in derivation.Samples)
            {
                AssertNear(sample.Gradient, sample.Paths.Sum(path => path.Product) + sample.Remainder, (1e-12 * scale) + Rounding, $"{what}: sample {sample.Sample}");
            }

            // Π factors = product, formula = value, and each factor begins where the one above ends.
            foreach (DerivationPath path in derivation.Paths)
            {
                AssertNear(path.Product, path.Factors.Aggregate(1.0, (product, factor) => product * factor.Value), 1e-15 * Math.Abs(path.Product), $"{what}: product");
                Assert.Equal("L", path.Factors[0].Numerator.ToString());
                Assert.Equal(derivation.Target.Symbol, path.Factors[^1].Denominator with { Sample = null });
                foreach ((Factor above, Factor below) in path.Factors.Zip(path.Factors.Skip(1)))
                {
                    Assert.Equal(above.Lower, below.Upper);
                }

                Assert.All(path.Factors, factor => AssertNear(factor.Value, factor.Formula.Value, 1e-9 * Math.Max(1, Math.Abs(factor.Value)), $"{what}: {factor.Symbol} = {factor.Formula}"));
            }

            Assert.Equal(derivation.Paths.Select(path => Math.Abs(path.Product)).OrderDescending(), derivation.Paths.Select(path => Math.Abs(path.Product)), Comparer((1e-12 * scale) + Rounding));
            if (!IsIllConditioned(drawn, derivation.Pass))
            {
                Assert.True(derivation.Opinions.Verdict != GradientVerdict.Fail, $"{what}: {derivation.Opinions}");
            }

            bool hasUnknown = drawn.Network.Layers.Any(layer => layer is CenteredScale<double>);
            bool isCertain = drawn.Loss is BinaryCrossEntropy<double> && derivation.Pass.Layers[^1].Values.Any(p => p is 0 or 1); // log 0 has no derivative
            Assert.True(derivation.Opinions.Autodiff is not null || hasUnknown || isCertain, what);
        },
        iter: 300);

    /// <summary>Between an output and an input of a convolution stands one weight, and what a weight multiplies is one input: with padding, strides, dilation and groups.</summary>
    [Fact]
    public void The_factors_of_a_convolution_are_its_weights_and_its_inputs()
    {
        var random = new NumPyRandom(8);
        var network = new Sequential<double>(
            new Reshape<double>(2, 5, 4),
            new Conv2d<double>(2, 4, new Extent(3, 2), random, stride: new Extent(2, 1), padding: 1, dilation: new Extent(1, 2), groups: 2),
            new MaxPool2d<double>(2, stride: 1),
            new Flatten<double>(),
            new Linear<double>(24, 2, random));
        var explainer = new Explainer<double>(network, new MeanSquaredError<double>(), random.Randn(2, 40), random.Randn(2, 2), new ExplainerOptions { MaximumPaths = int.MaxValue });
        foreach (Derivation derivation in Entries(explainer, "layer1.weight").Concat(Entries(explainer, "layer1.bias")).Concat(Entries(explainer, "input").Take(40)))
        {
            AssertNear(derivation.Gradient, derivation.Paths.Sum(path => path.Product), 1e-12, derivation.Target.Name);
            Assert.NotEqual(GradientVerdict.Fail, derivation.Opinions.Verdict);
            foreach (Factor factor in derivation.Paths.SelectMany(path => path.Factors))
            {
                Assert.IsNotType<Formula.Opaque>(factor.Formula);
                AssertNear(factor.Value, factor.Formula.Value, 1e-12, $"{derivation.Target.Name}: {factor.Symbol} = {factor.Formula}");
            }
        }

        Assert.Contains(explainer.Explain("input[0,6]").Paths.SelectMany(path => path.Factors), factor => factor.Formula is Formula.Variable { Symbol: { Letter: "W", Indices: [_, _, _, _] } });
    }

    /// <summary>A layer without a formula here shows which entry of its Jacobian a factor is.</summary>
    [Fact]
    public void A_layer_without_a_formula_shows_its_Jacobian()
    {
        var random = new NumPyRandom(8);
        var network = new Sequential<double>(new Linear<double>(2, 3, random), new LayerNorm<double>([3]), new Linear<double>(3, 1, random));
        var explainer = new Explainer<double>(network, new MeanSquaredError<double>(), random.Randn(1, 2), random.Randn(1, 1));
        Factor[] factors = [.. explainer.Explain("layer1.weight[0,1]").Paths.SelectMany(path => path.Factors).Where(factor => factor.Layer == "layer2")];
        Assert.Equal(["layernorm′(z1)[0,1]", "layernorm′(z1)[1,1]", "layernorm′(z1)[2,1]"], factors.Select(factor => factor.Formula.ToString()).Order(StringComparer.Ordinal));
        Assert.All(factors, factor => Assert.Equal($"d{factor.Numerator}/d{factor.Denominator}", factor.Symbol));
    }

    /// <summary>The search must find the same paths as somebody who lists them all.</summary>
    [Fact]
    public void The_named_paths_are_the_largest_of_all() => Cases.Sample(
        c =>
        {
            RandomNetwork<double> drawn = RandomNetwork<double>.Create(c.Network);
            var all = new Explainer<double>(drawn.Network, drawn.Loss, drawn.Inputs, drawn.Targets, new ExplainerOptions { MaximumPaths = int.MaxValue });
            string name = Draw(all, c.Entry);
            Derivation everything = all.Explain(name);
            Assert.Equal(everything.PathCount, everything.Paths.Count);
            Assert.Equal(0, everything.Remainder);
            Assert.Equal(everything.Paths.Count, everything.Paths.Select(path => string.Join('|', path.Factors.Select(factor => (factor.Upper, factor.Lower)))).Distinct().Count());
            double[] largest = [.. everything.Paths.Select(path => Math.Abs(path.Product)).OrderDescending().Take(5)];
            Derivation few = new Explainer<double>(drawn.Network, drawn.Loss, drawn.Inputs, drawn.Targets, new ExplainerOptions { MaximumPaths = 5 }).Explain(name);
            Assert.Equal(largest, few.Paths.Select(path => Math.Abs(path.Product)), Comparer((1e-12 * largest.FirstOrDefault()) + Rounding));
        },
        iter: 100);

    /// <summary>Every unit's gradient is the sum that it unfolds into, up to the loss.</summary>
    [Fact]
    public void A_gradient_unfolds_unit_by_unit_up_to_the_loss() => Cases.Sample(
        c =>
        {
            RandomNetwork<double> drawn = RandomNetwork<double>.Create(c.Network);
            var explainer = new Explainer<double>(drawn.Network, drawn.Loss, drawn.Inputs, drawn.Targets);
            Derivation derivation = explainer.Explain(Draw(explainer, c.Entry));
            var open = new Queue<UnitReference>(derivation.Terms.Where(term => term.Upper is not null).Select(term => term.Upper!.Value));
            var seen = new HashSet<UnitReference>();
            while (open.TryDequeue(out UnitReference unit))
            {
                if (!seen.Add(unit))
                {
                    continue;
                }

                IReadOnlyList<SumTerm> terms = derivation.Unfold(unit);
                double scale = terms.Select(term => Math.Abs(term.Product)).Append(0).Max(); // with one sample a centred layer passes nothing on
                AssertNear(derivation.Pass.Gradient(unit), terms.Sum(term => term.Product), (1e-12 * scale) + Rounding, $"{drawn}: {unit}");
                foreach (SumTerm term in terms.Where(term => term.Upper is not null))
                {
                    open.Enqueue(term.Upper!.Value);
                }
            }
        },
        iter: 50);

    [Fact]
    public void Single_precision_is_explained_too() => Cases.Sample(
        c =>
        {
            RandomNetwork<float> drawn = RandomNetwork<float>.Create(c.Network);
            var explainer = new Explainer<float>(drawn.Network, drawn.Loss, drawn.Inputs, drawn.Targets);
            Derivation derivation = explainer.Explain(Draw(explainer, c.Entry));
            double scale = derivation.Paths.Select(path => Math.Abs(path.Product)).Append(1e-6).Max();
            AssertNear(derivation.Gradient, derivation.Paths.Sum(path => path.Product) + derivation.Remainder, 1e-4 * scale, $"{drawn}: {derivation.Target.Name}");
        },
        iter: 50);

    /// <summary>The number of paths is the product of the widths that lie between.</summary>
    [Fact]
    public void All_paths_are_counted()
    {
        var random = new NumPyRandom(1);
        var network = new Sequential<double>(new Linear<double>(2, 8, random), new Tanh<double>(), new Linear<double>(8, 8, random), new Tanh<double>(), new Linear<double>(8, 3, random));
        var explainer = new Explainer<double>(network, new SoftmaxCrossEntropy<double>(), random.Randn(10, 2), Tensor.CreateFromShape<double>([10]));
        Assert.Equal(10 * 8 * 3, explainer.Explain("layer1.weight[0,3]").PathCount);
        Assert.Equal(10 * 3, explainer.Explain("layer2.bias[7]").PathCount);
        Assert.Equal(8 * 8 * 3, explainer.Explain("input[9,1]").PathCount);
        Assert.Equal(10, explainer.Explain("layer3.weight[0,2]").PathCount);
    }

    /// <summary>Somebody may look at a weight between Backward and Step.</summary>
    [Fact]
    public void The_network_comes_back_as_it_was()
    {
        RandomNetwork<double> drawn = RandomNetwork<double>.Create(11);
        drawn.Network.NeedsInputGradient = false;
        drawn.Loss.Forward(drawn.Network.Forward(drawn.Inputs), drawn.Targets);
        drawn.Network.Backward(drawn.Loss.Backward());
        double[][] before = [.. drawn.Network.Parameters.SelectMany(parameter => new[] { parameter.Value.ToArray(), parameter.Gradient.ToArray() })];
        double[] inputs = drawn.Inputs.ToArray();
        var explainer = new Explainer<double>(drawn.Network, drawn.Loss, drawn.Inputs, drawn.Targets);
        foreach (TargetTensor tensor in explainer.Targets)
        {
            explainer.Explain(tensor.Name, new int[tensor.Lengths.Count]);
        }

        Assert.Equal(before, drawn.Network.Parameters.SelectMany(parameter => new[] { parameter.Value.ToArray(), parameter.Gradient.ToArray() }));
        Assert.Equal(inputs, drawn.Inputs.ToArray());
        Assert.All(drawn.Network.Parameters, parameter => Assert.True(parameter.HasGradient));
        Assert.False(drawn.Network.NeedsInputGradient);
    }

    /// <summary>A backward pass with a mistake is explained as it is, and found out.</summary>
    [Fact]
    public void A_wrong_backward_pass_turns_the_verdict()
    {
        var random = new NumPyRandom(5);
        var network = new Sequential<double>(new Linear<double>(2, 3, random), new WrongTanh(), new Linear<double>(3, 1, random));
        var explainer = new Explainer<double>(network, new MeanSquaredError<double>(), random.Randn(4, 2), random.Randn(4, 1));
        Assert.Equal(GradientVerdict.Fail, explainer.Explain("layer1.weight[0,1]").Opinions.Verdict);
        Assert.Equal(GradientVerdict.Pass, explainer.Explain("layer2.weight[1,0]").Opinions.Verdict);
    }

    [Theory]
    [InlineData("layer3.weight[0,0]")]
    [InlineData("layer1.weight[0]")]
    [InlineData("layer1.weight[0,1")]
    [InlineData("layer1.weight[0,1]]")]
    [InlineData("layer1.weight[2,0]")]
    [InlineData("layer1.weight[0,-1]")]
    [InlineData("layer1.weight")]
    [InlineData("input[4,0]")]
    [InlineData("input[0,x]")]
    [InlineData("")]
    [InlineData("layer1.bias[99999999999]")]
    public void An_entry_that_does_not_exist_is_answered_with_those_that_do(string name)
    {
        var random = new NumPyRandom(3);
        var network = new Sequential<double>(new Linear<double>(2, 8, random), new ReLU<double>(), new Linear<double>(8, 1, random));
        var explainer = new Explainer<double>(network, new MeanSquaredError<double>(), random.Randn(4, 2), random.Randn(4, 1));
        ArgumentException error = Assert.Throws<ArgumentException>(() => explainer.Explain(name));
        Assert.StartsWith($"There is no '{name}': expected an entry of layer1.weight[0…1,0…7], layer1.bias[0…7], layer2.weight[0…7,0], layer2.bias[0], input[0…3,0…1].", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_that_is_not_on_the_way_is_refused()
    {
        var random = new NumPyRandom(3);
        var network = new Sequential<double>(new Linear<double>(2, 8, random), new ReLU<double>(), new Linear<double>(8, 1, random));
        Derivation derivation = new Explainer<double>(network, new MeanSquaredError<double>(), random.Randn(4, 2), random.Randn(4, 1)).Explain("layer2.bias[0]");
        Assert.All(
            [new UnitReference(2, 0, 0), new UnitReference(4, 0, 0), new UnitReference(3, 4, 0), new UnitReference(3, 0, 1), new UnitReference(3, -1, 0)],
            unit => Assert.Throws<ArgumentException>(() => derivation.Unfold(unit)));
    }

    /// <summary>A number that is not one must be seen where it arises.</summary>
    [Fact]
    public void Not_a_number_is_the_first_path()
    {
        var random = new NumPyRandom(3);
        var network = new Sequential<double>(new Linear<double>(2, 8, random), new Tanh<double>(), new Linear<double>(8, 1, random));
        network.Parameters[2].Value[5, 0] = double.NaN;
        Derivation derivation = new Explainer<double>(network, new MeanSquaredError<double>(), random.Randn(4, 2), random.Randn(4, 1)).Explain("layer1.bias[5]");
        Assert.True(double.IsNaN(derivation.Gradient));
        Assert.True(double.IsNaN(derivation.Paths[0].Product));
        Assert.Equal(GradientVerdict.Fail, derivation.Opinions.Verdict);
    }

    /// <summary>Near 0 and 1 the logarithms of this loss magnify the rounding of p: a central difference has few digits there.</summary>
    private static bool IsIllConditioned(RandomNetwork<double> drawn, NetworkPass pass) =>
        drawn.Loss is BinaryCrossEntropy<double> && pass.Layers[^1].Values.Any(p => p is < 1e-3 or > 1 - 1e-3);

    private static IEnumerable<Derivation> Entries(Explainer<double> explainer, string tensor)
    {
        IReadOnlyList<int> lengths = explainer.Targets.Single(target => target.Name == tensor).Lengths;
        for (int i = 0; i < lengths.Aggregate(1, (product, length) => product * length); i++)
        {
            yield return explainer.Explain(tensor, Places.Unravel(i, lengths));
        }
    }

    private static string Draw<T>(Explainer<T> explainer, uint number)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        TargetTensor tensor = explainer.Targets[(int)(number % explainer.Targets.Count)];
        int length = tensor.Lengths.Aggregate(1, (product, each) => product * each);
        return $"{tensor.Name}[{string.Join(',', Places.Unravel((int)(number / 7 % length), tensor.Lengths))}]";
    }

    private static double[] Numbers(System.Text.Json.JsonElement element) =>
        element.ValueKind == System.Text.Json.JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(Numbers)] : [element.GetDouble()];

    private static void AssertNear(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, string.Create(CultureInfo.InvariantCulture, $"{what}: {expected:R} and {actual:R}, allowed {tolerance:E1}"));

    private static EqualityComparer<double> Comparer(double tolerance) => EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) <= tolerance, _ => 0);

    /// <summary>tanh whose slope is taken at the output: 1 − tanh²(a).</summary>
    private sealed class WrongTanh : BufferedLayer<double>
    {
        protected override void Forward(ReadOnlySpan<double> input, Span<double> output) => TensorPrimitives.Tanh(input, output);

        protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient)
        {
            for (int i = 0; i < inputGradient.Length; i++)
            {
                inputGradient[i] = outputGradient[i] * (1 - Math.Pow(Math.Tanh(Output[i]), 2));
            }
        }
    }
}
