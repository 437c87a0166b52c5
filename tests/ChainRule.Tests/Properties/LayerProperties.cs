using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Autodiff;
using ChainRule.Kernels;
using ChainRule.Random;
using ChainRule.Verification;
using ChainRule.Verification.Catalogue;
using CsCheck;
using Xunit;

namespace ChainRule.Tests.Properties;

/// <summary>What must hold for every layer, on random shapes and values. CsCheck prints the seed of a failure.</summary>
public class LayerProperties
{
    private static readonly Gen<(int Batch, int Features, uint Seed)> Cases = Gen.Select(Gen.Int[1, 9], Gen.Int[1, 19], Gen.UInt);

    public static TheoryData<string> Layers => [.. LayerCatalogue.All.Select(layer => layer.Name)];

    public static TheoryData<string> RowwiseLayers => [.. LayerCatalogue.All.Where(layer => layer.IsRowwise).Select(layer => layer.Name)];

    /// <summary>A layer that is missing from the catalogue would be missing from every proof below.</summary>
    [Fact]
    public void The_catalogue_holds_every_layer_of_the_library()
    {
        var random = new NumPyRandom(0);
        var proved = LayerCatalogue.All.Select(layer => layer.Create<double>(3, random).Kind).ToHashSet();
        var all = typeof(Layer<>).Assembly.GetTypes()
            .Where(type => type.Namespace == "ChainRule.Layers" && type is { IsAbstract: false, IsPublic: true, IsEnum: false })
            .Select(type => type.Name.Split('`')[0]).ToHashSet();
        Assert.Equal(all, proved);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Hand_written_and_autodiff_agree(string name)
    {
        LayerCase layerCase = LayerCatalogue.Get(name);
        Cases.Sample(
            c =>
            {
                var random = new NumPyRandom(c.Seed);
                Layer<double> layer = layerCase.Create<double>(c.Features, random);
                Tensor<double> x = random.Randn(c.Batch, c.Features);
                Tensor<double> a = layer.Forward(x);
                Tensor<double> da = random.Randn(a.Lengths);
                Tensor<double> dx = layer.Backward(da);

                Scalar[][] xs = [.. Enumerable.Range(0, c.Batch).Select(i => Enumerable.Range(0, c.Features).Select(k => new Scalar(x[i, k])).ToArray())];
                Scalar[][] parameters = [.. layer.Parameters.Select(parameter => parameter.Value.Select(value => new Scalar(value)).ToArray())];
                Scalar[] outputs = [.. layerCase.Formula(xs, parameters).SelectMany(row => row)];
                Scalar loss = outputs.Zip(da, (output, weight) => output * weight).Aggregate((sum, term) => sum + term);
                loss.Backward();

                Near.Equal([.. outputs.Select(output => output.Value)], a.AsSpan(), 1e-12, $"{name} output");
                Near.Equal([.. xs.SelectMany(row => row).Select(scalar => scalar.Gradient)], dx.AsSpan(), 1e-12, $"{name} input gradient");
                for (int p = 0; p < parameters.Length; p++)
                {
                    Near.Equal([.. parameters[p].Select(scalar => scalar.Gradient)], layer.Parameters[p].Gradient.AsSpan(), 1e-12, $"{name} {layer.Parameters[p].Name} gradient");
                }
            },
            iter: 50);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Hand_written_and_numeric_agree(string name)
    {
        Cases.Sample(
            c =>
            {
                var random = new NumPyRandom(c.Seed);
                Layer<double> layer = LayerCatalogue.Get(name).Create<double>(c.Features, random);
                GradientCheck.Run(layer, random.Randn(c.Batch, c.Features)).ThrowIfFailed();
            },
            iter: 20);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Float_agrees_with_double(string name)
    {
        Cases.Sample(
            c =>
            {
                Layer<double> wide = LayerCatalogue.Get(name).Create<double>(c.Features, new NumPyRandom(c.Seed));
                Layer<float> narrow = LayerCatalogue.Get(name).Create<float>(c.Features, new NumPyRandom(c.Seed));
                Tensor<double> x = new NumPyRandom(c.Seed).Randn(c.Batch, c.Features);
                Tensor<double> a = wide.Forward(x);
                Tensor<double> da = new NumPyRandom(c.Seed + 1).Randn(a.Lengths);
                double[] dx = [.. wide.Backward(da)];
                Tensor<float> narrowOutput = narrow.Forward(Tensor.ConvertTruncating<double, float>(x));
                Near.Equal([.. a], [.. narrowOutput.Select(value => (double)value)], 1e-5, $"{name} output");
                Near.Equal(dx, [.. narrow.Backward(Tensor.ConvertTruncating<double, float>(da)).Select(value => (double)value)], 1e-5, $"{name} input gradient");
            },
            iter: 20);
    }

    /// <summary>Backward applies a linear map: B(αu + βv) = αB(u) + βB(v), for the input and for every parameter.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void Backward_is_linear_in_its_upstream_gradient(string name)
    {
        Cases.Sample(
            c =>
            {
                var random = new NumPyRandom(c.Seed);
                Layer<double> layer = LayerCatalogue.Get(name).Create<double>(c.Features, random);
                Tensor<double> a = layer.Forward(random.Randn(c.Batch, c.Features));
                Tensor<double> u = random.Randn(a.Lengths);
                Tensor<double> v = random.Randn(a.Lengths);
                double[] mixed = Gradients(layer, Tensor.Add<double>(Tensor.Multiply<double>(u, 2.5), Tensor.Multiply<double>(v, -0.75)));
                double[] ofU = Gradients(layer, u);
                double[] ofV = Gradients(layer, v);
                Near.Equal([.. ofU.Zip(ofV, (x, y) => (2.5 * x) - (0.75 * y))], mixed, 1e-12, $"{name} gradients");
                Assert.All(Gradients(layer, Tensor.CreateFromShape<double>(a.Lengths)), gradient => Assert.Equal(0.0, gradient));
            },
            iter: 30);
    }

    /// <summary>Samples do not see each other: a batch's parameter gradients are the sum of those of its samples.</summary>
    [Theory]
    [MemberData(nameof(RowwiseLayers))]
    public void Gradient_of_a_batch_is_the_sum_over_its_samples(string name)
    {
        Cases.Sample(
            c =>
            {
                var random = new NumPyRandom(c.Seed);
                Layer<double> layer = LayerCatalogue.Get(name).Create<double>(c.Features, random);
                Tensor<double> x = random.Randn(c.Batch, c.Features);
                Tensor<double> a = layer.Forward(x);
                int outputs = (int)(a.FlattenedLength / c.Batch);
                Tensor<double> da = random.Randn(a.Lengths);
                double[] dx = [.. layer.Backward(da)];
                double[][] batch = [.. layer.Parameters.Select(parameter => parameter.Gradient.ToArray())];

                Discard(layer);
                for (int i = 0; i < c.Batch; i++)
                {
                    layer.Forward(Tensor.Create(x.AsSpan().Slice(i * c.Features, c.Features).ToArray(), [1, c.Features]));
                    Tensor<double> row = layer.Backward(Tensor.Create(da.AsSpan().Slice(i * outputs, outputs).ToArray(), [1, outputs]));
                    Near.Equal(dx.AsSpan(i * c.Features, c.Features), row.AsSpan(), 1e-12, $"{name} input gradient of sample {i}");
                }

                for (int p = 0; p < batch.Length; p++)
                {
                    Near.Equal(batch[p], layer.Parameters[p].Gradient.AsSpan(), 1e-12, $"{name} {layer.Parameters[p].Name}");
                }
            },
            iter: 30);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Two_runs_give_the_same_bits(string name)
    {
        Cases.Sample(
            c =>
            {
                double[] Run()
                {
                    var random = new NumPyRandom(c.Seed);
                    Layer<double> layer = LayerCatalogue.Get(name).Create<double>(c.Features, random);
                    Tensor<double> a = layer.Forward(random.Randn(c.Batch, c.Features));
                    return [.. a, .. Gradients(layer, random.Randn(a.Lengths))];
                }

                Assert.Equal(Run().Select(BitConverter.DoubleToInt64Bits), Run().Select(BitConverter.DoubleToInt64Bits));
            },
            iter: 20);
    }

    /// <summary>Also when the batch size goes back and forth, as it does at the end of each epoch.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void A_warm_step_allocates_nothing(string name)
    {
        WarmStepAllocates<double>(name);
        WarmStepAllocates<float>(name);
    }

    /// <summary>A sum of infinities or a quotient of zeros at ±10⁴ would show as NaN.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void Extreme_inputs_give_finite_outputs_and_gradients(string name)
    {
        Layer<double> layer = LayerCatalogue.Get(name).Create<double>(6, new NumPyRandom(1));
        Tensor<double> a = layer.Forward(Tensor.Create([1e4, -1e4, 0.0, -0.0, 700, -745], [1, 6]));
        Assert.All(a, value => Assert.True(double.IsFinite(value), $"{name}: output {value}"));
        Assert.All(Gradients(layer, Tensor.Create(Enumerable.Repeat(1.0, (int)a.FlattenedLength).ToArray(), a.Lengths)), value => Assert.True(double.IsFinite(value), $"{name}: gradient {value}"));
    }

    /// <summary>A network that went wrong must show it, not hide it behind a max.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void Not_a_number_goes_through(string name)
    {
        Layer<double> layer = LayerCatalogue.Get(name).Create<double>(3, new NumPyRandom(1));
        Assert.Contains(layer.Forward(Tensor.Create([1.0, double.NaN, 2.0], [1, 3])), double.IsNaN);
    }

    private static void WarmStepAllocates<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Layer<T> layer = LayerCatalogue.Get(name).Create<T>(7, new NumPyRandom(3));
        Tensor<T>[] inputs = [Tensor.CreateFromShape<T>([8, 7]), Tensor.CreateFromShape<T>([3, 7])];
        Tensor<T>[] gradients = [.. inputs.Select(input => Tensor.CreateFromShape<T>(layer.Forward(input).Lengths))];
        void Step()
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                layer.Forward(inputs[i]);
                layer.Backward(gradients[i]);
            }
        }

        Assert.Equal(0, Allocation.OfHundredRuns(Step));
    }

    /// <summary>∂L/∂x and all ∂L/∂θ for one upstream gradient.</summary>
    private static double[] Gradients(Layer<double> layer, Tensor<double> upstream)
    {
        Discard(layer);
        Tensor<double> dx = layer.Backward(upstream);
        return [.. dx, .. layer.Parameters.SelectMany(parameter => parameter.Gradient)];
    }

    private static void Discard(Layer<double> layer)
    {
        foreach (Parameter<double> parameter in layer.Parameters)
        {
            parameter.DiscardGradient();
        }
    }
}
