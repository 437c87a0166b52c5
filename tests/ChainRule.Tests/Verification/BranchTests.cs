using System.Numerics.Tensors;
using ChainRule.Layers;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>Layers tell which piece of a piecewise function each unit was on: what a kink is named by.</summary>
public class BranchTests
{
    private static readonly Tensor<double> Input = Tensor.Create([-2.0, -0.0, 0, 3e-300, 5, double.NaN], [2, 3]);

    [Fact]
    public void Left_of_the_corner_on_it_and_right_of_it_are_three_branches()
    {
        foreach (Layer<double> layer in new Layer<double>[] { new ReLU<double>(), new LeakyReLU<double>() })
        {
            layer.Forward(Input);
            Assert.Equal(6, layer.BranchCount);
            Assert.Equal([-1, 0, 0, 1, 1, 0], Enumerable.Range(0, 6).Select(layer.Branch));
        }
    }

    [Fact]
    public void Smooth_layers_have_no_branches()
    {
        var layer = new Tanh<double>();
        layer.Forward(Input);
        Assert.Equal(0, layer.BranchCount);
    }

    [Fact]
    public void A_network_has_an_input_gradient_where_its_first_layer_has_one()
    {
        Assert.True(new Sequential<double>(new Tanh<double>()).HasInputGradient);
        Assert.False(new Sequential<double>(new Lookup(), new Tanh<double>()).HasInputGradient);
    }

    /// <summary>A layer whose inputs are whole numbers.</summary>
    private sealed class Lookup : BufferedLayer<double>
    {
        public override bool HasInputGradient => false;

        protected override void Forward(ReadOnlySpan<double> input, Span<double> output) => input.CopyTo(output);

        protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient) => inputGradient.Clear();
    }
}
