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

    public static TheoryData<string> LayersForAnyNumber => [.. LayerCatalogue.All.Where(layer => layer.TakesAnyNumber).Select(layer => layer.Name)];

    public static TheoryData<string> RowwiseLayers => [.. LayerCatalogue.All.Where(layer => layer.IsRowwise).Select(layer => layer.Name)];

    /// <summary>A layer that is missing from the catalogue would be missing from every proof below.</summary>
    [Fact]
    public void The_catalogue_holds_every_layer_of_the_library()
    {
        var random = new NumPyRandom(0);
        var proved = LayerCatalogue.All.Select(layer => layer.Create<double>(layer.Input(1, 3, random).Lengths, random).Kind).ToHashSet();
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
                Tensor<double> x = layerCase.Input(c.Batch, c.Features, random);
                Layer<double> layer = layerCase.Create<double>(x.Lengths, random);
                Tensor<double> a = layer.Forward(x);
                Tensor<double> da = random.Randn(a.Lengths);
                Tensor<double> dx = layer.Backward(da);

                Scalar[] xs = [.. x.Select(value => new Scalar(value))];
                Scalar[][] parameters = [.. layer.Parameters.Select(parameter => parameter.Value.Select(value => new Scalar(value)).ToArray())];
                Scalar[] outputs = layerCase.Formula(xs, x.Lengths.ToArray(), parameters);
                Scalar loss = outputs.Zip(da, (output, weight) => output * weight).Aggregate((sum, term) => sum + term);
                loss.Backward();

                Near.Equal([.. outputs.Select(output => output.Value)], a.AsSpan(), 1e-12, $"{name} output");
                Near.Equal(layer.HasInputGradient ? [.. xs.Select(scalar => scalar.Gradient)] : [], dx.AsSpan(), 1e-12, $"{name} input gradient");
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
        LayerCase layerCase = LayerCatalogue.Get(name);
        Cases.Sample(
            c =>
            {
                var random = new NumPyRandom(c.Seed);
                Tensor<double> x = layerCase.Input(c.Batch, c.Features, random);
                GradientCheck.Run(layerCase.Create<double>(x.Lengths, random), x).ThrowIfFailed();
            },
            iter: 20);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Float_agrees_with_double(string name)
    {
        LayerCase layerCase = LayerCatalogue.Get(name);
        Cases.Sample(
            c =>
            {
                Tensor<double> x = layerCase.Input(c.Batch, c.Features, new NumPyRandom(c.Seed));
                Layer<double> wide = layerCase.Create<double>(x.Lengths, new NumPyRandom(c.Seed));
                Layer<float> narrow = layerCase.Create<float>(x.Lengths, new NumPyRandom(c.Seed));
                Tensor<double> a = wide.Forward(x);
                Tensor<double> da = new NumPyRandom(c.Seed + 1).Randn(a.Lengths);
                double[] dx = wide.Backward(da).AsSpan().ToArray();
                Tensor<float> narrowOutput = narrow.Forward(Tensor.ConvertTruncating<double, float>(x));
                Near.Equal([.. a], [.. narrowOutput.Select(value => (double)value)], 1e-5, $"{name} output");
                double[] narrowDx = [.. narrow.Backward(Tensor.ConvertTruncating<double, float>(da)).AsSpan().ToArray().Select(value => (double)value)];
                double[] addedUp = layerCase.CancelsUpstream ? [da.Max(Math.Abs)] : [];
                Near.Equal([.. dx, .. addedUp], [.. narrowDx, .. addedUp], 1e-5, $"{name} input gradient");
            },
            iter: 20);
    }

    /// <summary>Backward applies a linear map: B(αu + βv) = αB(u) + βB(v), for the input and for every parameter.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void Backward_is_linear_in_its_upstream_gradient(string name)
    {
        LayerCase layerCase = LayerCatalogue.Get(name);
        Cases.Sample(
            c =>
            {
                var random = new NumPyRandom(c.Seed);
                Tensor<double> x = layerCase.Input(c.Batch, c.Features, random);
                Layer<double> layer = layerCase.Create<double>(x.Lengths, random);
                Tensor<double> a = layer.Forward(x);
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
        LayerCase layerCase = LayerCatalogue.Get(name);
        Cases.Sample(
            c =>
            {
                var random = new NumPyRandom(c.Seed);
                Tensor<double> x = layerCase.Input(c.Batch, c.Features, random);
                Layer<double> layer = layerCase.Create<double>(x.Lengths, random);
                Tensor<double> a = layer.Forward(x);
                Tensor<double> da = random.Randn(a.Lengths);
                double[] dx = layer.Backward(da).AsSpan().ToArray();
                double[][] batch = [.. layer.Parameters.Select(parameter => parameter.Gradient.ToArray())];

                Discard(layer);
                Tensor<double>[] samples = Rows(x);
                Tensor<double>[] upstream = Rows(da);
                int width = dx.Length / c.Batch;
                for (int i = 0; i < c.Batch; i++)
                {
                    layer.Forward(samples[i]);
                    Tensor<double> row = layer.Backward(upstream[i]);
                    Near.Equal(dx.AsSpan(i * width, width), row.AsSpan(), 1e-12, $"{name} input gradient of sample {i}");
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
        LayerCase layerCase = LayerCatalogue.Get(name);
        Cases.Sample(
            c =>
            {
                double[] Run()
                {
                    var random = new NumPyRandom(c.Seed);
                    Tensor<double> x = layerCase.Input(c.Batch, c.Features, random);
                    Layer<double> layer = layerCase.Create<double>(x.Lengths, random);
                    Tensor<double> a = layer.Forward(x);
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
    [MemberData(nameof(LayersForAnyNumber))]
    public void Extreme_inputs_give_finite_outputs_and_gradients(string name)
    {
        double[] extremes = [1e4, -1e4, 0, -0.0, 700, -745];
        Layer<double> layer = Make(name, 1, 6, i => extremes[i % extremes.Length], out Tensor<double> x);
        Tensor<double> a = layer.Forward(x);
        Assert.All(a, value => Assert.True(double.IsFinite(value), $"{name}: output {value}"));
        Assert.All(Gradients(layer, Tensor.Create(Enumerable.Repeat(1.0, (int)a.FlattenedLength).ToArray(), a.Lengths)), value => Assert.True(double.IsFinite(value), $"{name}: gradient {value}"));
    }

    /// <summary>A network that went wrong must show it, not hide it behind a max.</summary>
    [Theory]
    [MemberData(nameof(LayersForAnyNumber))]
    public void Not_a_number_goes_through(string name)
    {
        Layer<double> layer = Make(name, 1, 3, i => i == 1 ? double.NaN : i + 1, out Tensor<double> x);
        Assert.Contains(layer.Forward(x), double.IsNaN);
    }

    /// <summary>A layer, and an input of its shape that is filled by a function of the position.</summary>
    private static Layer<double> Make(string name, int batch, int features, Func<int, double> fill, out Tensor<double> x)
    {
        LayerCase layerCase = LayerCatalogue.Get(name);
        var random = new NumPyRandom(1);
        x = layerCase.Input(batch, features, random);
        for (int i = 0; i < x.FlattenedLength; i++)
        {
            x.AsSpan()[i] = fill(i);
        }

        return layerCase.Create<double>(x.Lengths, random);
    }

    /// <summary>The samples of a batch, each as a batch of one.</summary>
    private static Tensor<double>[] Rows(Tensor<double> batch)
    {
        nint[] shape = [1, .. batch.Lengths[1..]];
        return [.. batch.ToArray().Chunk((int)(batch.FlattenedLength / batch.Lengths[0])).Select(row => Tensor.Create(row, shape))];
    }

    private static void WarmStepAllocates<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        LayerCase layerCase = LayerCatalogue.Get(name);
        var random = new NumPyRandom(3);
        Tensor<T>[] inputs = [.. new[] { 8, 3 }.Select(batch => Tensor.ConvertTruncating<double, T>(layerCase.Input(batch, 7, random)))];
        Layer<T> layer = layerCase.Create<T>(inputs[0].Lengths, random);
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
        double[] dx = layer.Backward(upstream).AsSpan().ToArray(); // an empty one where the input cannot be differentiated
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
