using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
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
        foreach (Layer<double> layer in new Layer<double>[] { new Tanh<double>(), new Elu<double>() })
        {
            layer.Forward(Input);
            Assert.Equal(0, layer.BranchCount);
        }
    }

    [Fact]
    public void Two_corners_have_five_branches()
    {
        var layer = new Hardtanh<double>(-1, 2);
        layer.Forward(Tensor.Create([-1.5, -1, 0, 2, 2.5, double.NaN]));
        Assert.Equal([-2, -1, 0, 1, 2, 0], Enumerable.Range(0, layer.BranchCount).Select(layer.Branch));
        var elu = new Elu<double>(0.5);
        elu.Forward(Input);
        Assert.Equal([-1, 0, 0, 1, 1, 0], Enumerable.Range(0, elu.BranchCount).Select(elu.Branch));
    }

    /// <summary>The tap that was the largest; where two are, a number of its own. Two channels of two images.</summary>
    [Fact]
    public void A_window_tells_which_of_its_places_was_the_largest()
    {
        var layer = new MaxPool2d<double>(2, stride: new(1, 2), padding: 1);
        layer.Forward(Tensor.Create([1.0, 4, 2, 3, 5, 5, -1, -2, 8, 7, 6, double.NaN], [2, 2, 1, 3]));
        Assert.Equal(16, layer.BranchCount);
        Assert.Equal([3, 2, 1, 0, 3, -1, 1, -1, 3, 3, 1, 1, 3, 3, 1, 1], Enumerable.Range(0, 16).Select(layer.Branch));
    }

    [Fact]
    public void Losses_with_corners_tell_the_side_of_each_prediction()
    {
        Tensor<double> predictions = Tensor.Create([0.5, 1, 2, 0, 1, -1], [2, 3]);
        var absolute = new MeanAbsoluteError<double>();
        absolute.Forward(predictions, Tensor.Create([0.5, 2, 1, 0, 0, 0], [2, 3]));
        Assert.Equal([0, -1, 1, 0, 1, -1], Enumerable.Range(0, absolute.BranchCount).Select(absolute.Branch));
        var hinge = new Hinge<double>();
        hinge.Forward(predictions, Tensor.Create([1.0, 1, 1, -1, -1, -1], [2, 3]));
        Assert.Equal([1, 0, -1, 1, 1, 0], Enumerable.Range(0, hinge.BranchCount).Select(hinge.Branch));
        hinge.Forward(predictions, Tensor.Create([2.0, 0]));
        Assert.Equal([-1, 0, 0, 0, 1, 0], Enumerable.Range(0, hinge.BranchCount).Select(hinge.Branch));
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
