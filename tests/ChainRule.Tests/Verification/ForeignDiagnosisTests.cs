using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>
/// A backward pass that was written by hand outside of a network that is known, tanh(x·W1 + b1)·W2 + b2 under the mean squared error:
/// the mistake is looked for in each layer, by making it there on purpose.
/// </summary>
public class ForeignDiagnosisTests
{
    private const string Tanh = "Tanh 'tanh1'";
    private readonly Linear<double> lower;
    private readonly Linear<double> upper;
    private readonly Sequential<double> network;
    private readonly MeanSquaredError<double> loss = new();
    private readonly Tensor<double> x;
    private readonly Tensor<double> y;

    public ForeignDiagnosisTests()
    {
        var random = new NumPyRandom(3);
        lower = new Linear<double>(3, 2, random);
        upper = new Linear<double>(2, 2, random);
        network = new Sequential<double>(lower, new Tanh<double>(), upper);
        x = random.Randn(4, 3);
        y = random.Randn(4, 2);
    }

    /// <summary>All claims below the mistake are wrong; whichever of them is there, it is the activation that is called wrong.</summary>
    [Theory]
    [InlineData("dropped", "layer1.weight layer1.bias layer2.weight", GradientMistake.UpstreamDropped)]
    [InlineData("dropped", "layer1.bias", GradientMistake.UpstreamDropped)]
    [InlineData("squared", "layer1.weight layer2.weight layer2.bias", GradientMistake.UpstreamAppliedTwice)]
    [InlineData("missing", "layer1.weight layer1.bias", GradientMistake.ActivationDerivativeMissing)]
    [InlineData("missing", "input", GradientMistake.ActivationDerivativeMissing)]
    [InlineData("missing", "input layer2.weight", GradientMistake.ActivationDerivativeMissing)]
    public void A_mistake_above_is_found_by_what_it_does_below(string mistake, string tensors, GradientMistake cause)
    {
        Diagnosis first = Said(mistake, tensors)[0];
        Assert.Equal((cause, Tanh, 0.98), (first.Cause, first.Place, first.Confidence));
    }

    /// <summary>The weight of the upper layer was multiplied with the activation; its gradient is built from what came before that, in the same shape.</summary>
    [Fact]
    public void A_gradient_from_the_values_of_another_layer_is_told()
    {
        Diagnosis first = Said("z", "layer2.weight layer2.bias")[0];
        Assert.Equal((GradientMistake.WrongValueUsed, "layer2.weight", 0.98), (first.Cause, first.Place, first.Confidence));
        Assert.Contains($"is built from the input of {Tanh}", first.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_wrong_gradients_are_not_said_to_be_built_from_other_values() =>
        Assert.DoesNotContain(Said("z twice", "layer2.weight"), diagnosis => diagnosis.Cause == GradientMistake.WrongValueUsed && diagnosis.Confidence > 0.9);

    /// <summary>Without a weight below it an activation's derivative at the next layer's input is at its own output.</summary>
    [Fact]
    public void An_activation_is_not_said_to_be_multiplied_with_another_value()
    {
        var tanh = new Sequential<double>(new Tanh<double>(), new Tanh<double>());
        Tensor<double> a = Tensor.Create([.. y.Select(Math.Tanh)], [4, 2]);
        Tensor<double> b = Tensor.Create([.. a.Select(Math.Tanh)], [4, 2]);
        Tensor<double> target = x.Slice([0..4, 0..2]).ToDenseTensor();
        double[] claim = [.. Enumerable.Range(0, 8).Select(i => (b.ElementAt(i) - target.ElementAt(i)) / 4 * Math.Pow(1 - Math.Pow(b.ElementAt(i), 2), 2))];
        Diagnosis first = GradientCheck.Run(tanh, loss, y, target, [new CheckedTensor<double>("input", y, Tensor.Create(claim, [4, 2]))]).Diagnoses[0];
        Assert.Equal(GradientMistake.ActivationDerivativeMisplaced, first.Cause);
    }

    /// <summary>A network without a loss gives no right gradient to begin with.</summary>
    [Fact]
    public void Without_a_loss_nothing_is_said() =>
        Assert.Empty(ForeignDiagnosis.Of(new CheckedNetwork(network, null, x, null), [new TensorEvidence { Name = "layer1.weight", Shape = [3, 2], Claimed = new double[6], Numeric = [1, 2, 3, 4, 5, 6], IsWrong = true }]));

    private IReadOnlyList<Diagnosis> Said(string mistake, string tensors)
    {
        Tensor<double> z = lower.Forward(x);
        double[] slopes = [.. z.Select(value => 1 - Math.Pow(Math.Tanh(value), 2))];
        Tensor<double> a = Tensor.Create([.. z.Select(Math.Tanh)], [4, 2]);
        Tensor<double> prediction = upper.Forward(a);
        loss.Forward(prediction, y);
        double[] g2 = [.. loss.Backward()];
        double[] g1 = [.. Product(g2, Transposed(upper.Weight.Value), 2).Zip(slopes, (g, slope) => mistake switch
        {
            "dropped" => slope,
            "squared" => g * g * slope,
            "missing" => g,
            _ => g * slope,
        })];
        CheckedTensor<double> Claim(string name) => name switch
        {
            "input" => new(name, x, Tensor.Create(Product(g1, Transposed(lower.Weight.Value), 3), [4, 3])),
            "layer1.weight" => new(name, lower.Weight.Value, Tensor.Create(Product(Transposed(x), Tensor.Create(g1, [4, 2]), 2), [3, 2])),
            "layer1.bias" => new(name, lower.Bias!.Value, Tensor.Create(Product([1, 1, 1, 1], Tensor.Create(g1, [4, 2]), 2), [2])),
            "layer2.weight" => new(name, upper.Weight.Value, Tensor.Create([.. Product(Transposed(mistake[0] == 'z' ? z : a), Tensor.Create(g2, [4, 2]), 2).Select((value, i) => mistake == "z twice" && i > 0 ? value * value : value)], [2, 2])),
            _ => new(name, upper.Bias!.Value, Tensor.Create(Product([1, 1, 1, 1], Tensor.Create(g2, [4, 2]), 2), [2])),
        };
        return GradientCheck.Run(network, loss, x, y, [.. tensors.Split(' ').Select(Claim)]).Diagnoses;
    }

    private static Tensor<double> Transposed(Tensor<double> m) =>
        Tensor.Create([.. from j in Enumerable.Range(0, (int)m.Lengths[1]) from i in Enumerable.Range(0, (int)m.Lengths[0]) select m[i, j]], [m.Lengths[1], m.Lengths[0]]);

    /// <summary>Rows times a matrix with so many columns.</summary>
    private static double[] Product(IEnumerable<double> rows, Tensor<double> m, int columns) =>
        [.. rows.Chunk((int)m.Lengths[0]).SelectMany(row => Enumerable.Range(0, columns).Select(j => row.Select((value, k) => value * m[k, j]).Sum()))];
}
