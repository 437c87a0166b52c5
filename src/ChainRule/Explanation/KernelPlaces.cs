using System.Numerics;
using ChainRule.Layers;

namespace ChainRule.Explanation;

/// <summary>
/// Which weight of a convolution stands between an input and an output: z[o, y, u] has the term W[o, c, i, j] · x[c, r, s] with
/// r = y·stride − padding + i·dilation, and s alike. With groups, c counts inside the group.
/// </summary>
internal static class KernelPlaces
{
    /// <summary>The indices of the weight between two units that depend on each other.</summary>
    /// <param name="layer">The convolution.</param>
    /// <param name="output">The place of the output among those of its sample.</param>
    /// <param name="outputShape">The shape of a sample's outputs: channels, height, width.</param>
    /// <param name="input">The place of the input.</param>
    /// <param name="inputShape">The shape of a sample's inputs.</param>
    public static int[] Of<T>(Conv2d<T> layer, int output, IReadOnlyList<int> outputShape, int input, IReadOnlyList<int> inputShape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[] to = Places.Unravel(output, outputShape);
        int[] from = Places.Unravel(input, inputShape);
        return
        [
            to[0],
            from[0] % (layer.Inputs / layer.Groups),
            (from[1] - (to[1] * layer.Stride.Height) + layer.Padding.Height) / layer.Dilation.Height,
            (from[2] - (to[2] * layer.Stride.Width) + layer.Padding.Width) / layer.Dilation.Width,
        ];
    }

    /// <summary>The place of the input that a weight multiplies for an output; null where that is outside of the image.</summary>
    /// <param name="layer">The convolution.</param>
    /// <param name="output">The place of the output among those of its sample.</param>
    /// <param name="outputShape">The shape of a sample's outputs.</param>
    /// <param name="weight">The indices of the weight.</param>
    /// <param name="inputShape">The shape of a sample's inputs.</param>
    public static int? Input<T>(Conv2d<T> layer, int output, IReadOnlyList<int> outputShape, IReadOnlyList<int> weight, IReadOnlyList<int> inputShape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[] to = Places.Unravel(output, outputShape);
        int group = weight[0] / (layer.Outputs / layer.Groups);
        return Places.Ravel(
            [
                (group * (layer.Inputs / layer.Groups)) + weight[1],
                (to[1] * layer.Stride.Height) - layer.Padding.Height + (weight[2] * layer.Dilation.Height),
                (to[2] * layer.Stride.Width) - layer.Padding.Width + (weight[3] * layer.Dilation.Width),
            ],
            inputShape);
    }
}
