using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// One product of weights and shifted frames: for every position q of a grid, result(r, q) = Σ over d of weight(r, d) ·
/// frames(q + offset(d)). The forward pass is one of them, with the taps of all input channels as its depth. The gradient of the
/// input is one for each phase of the frame, with the taps that belong to the phase, of all output channels, as its depth.
/// </summary>
internal sealed class ConvolutionPass
{
    private readonly int weightRow;
    private readonly int[] weights;

    private ConvolutionPass(ConvolutionGrid grid, int rows, int[] offsets, int weightRow, int[] weights)
    {
        Grid = grid;
        Rows = rows;
        Offsets = offsets;
        this.weightRow = weightRow;
        this.weights = weights;
    }

    /// <summary>Where the results are, and where they go.</summary>
    public ConvolutionGrid Grid { get; }

    /// <summary>The rows of a group's result.</summary>
    public int Rows { get; }

    /// <summary>Where each term of a group's sums begins in the group's frames.</summary>
    public int[] Offsets { get; }

    /// <summary>The terms of each sum.</summary>
    public int Depth => Offsets.Length;

    /// <summary>
    /// z(o, q) = Σ over the channels c of the group and the taps t of W(o, c, t) · x(c, q + offset(t)), x in its frames.
    /// </summary>
    public static ConvolutionPass Forward(ConvolutionShape shape, ConvolutionFrame frame)
    {
        int[] offsets = new int[shape.Depth];
        int[] weights = new int[shape.Depth];
        for (int d = 0; d < offsets.Length; d++)
        {
            offsets[d] = (d / shape.Taps * frame.ChannelLength) + frame.TapOffset(d % shape.Taps);
            weights[d] = d;
        }

        return new ConvolutionPass(frame.Windows, shape.GroupOutputs, offsets, shape.Depth, weights);
    }

    /// <summary>
    /// The forward pass added W(o, c, t) · x(c, q + shift(t)) to z(o, q), so now ∂L/∂x(c, q) = Σ over o and the taps t of the
    /// phase of W(o, c, t) · ∂L/∂z(o, q − shift(t)), and ∂L/∂z is zero where there is no window.
    /// </summary>
    public static ConvolutionPass Backward(ConvolutionShape shape, ConvolutionFrame frame, int phase)
    {
        int[] taps = [.. Enumerable.Range(0, shape.Taps).Where(tap => frame.TapPhases[tap] == phase)];
        int[] offsets = new int[shape.GroupOutputs * taps.Length];
        int[] weights = new int[offsets.Length];
        for (int d = 0; d < offsets.Length; d++)
        {
            (int output, int tap) = (d / taps.Length, taps[d % taps.Length]);
            offsets[d] = (output * frame.GradientLength) + frame.Margin - frame.TapShifts[tap];
            weights[d] = (output * shape.Depth) + tap;
        }

        return new ConvolutionPass(frame.ImageOf(phase), shape.GroupInputs, offsets, shape.Taps, weights);
    }

    /// <summary>How many panels of so many positions there are.</summary>
    public int Panels(int width) => (Grid.Positions + width - 1) / width;

    /// <summary>Packs a group's weights as the tiles read them: panels of <paramref name="width"/> rows, one step of depth after the other.</summary>
    /// <param name="group">The group's first weight.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows; the last panel is filled up with zeros.</param>
    /// <param name="start">The first step of depth.</param>
    /// <param name="depth">The number of steps.</param>
    /// <param name="width">Rows of a panel.</param>
    /// <param name="panels">Where the panels go.</param>
    public void Pack<T>(ref readonly T group, int first, int count, int start, int depth, int width, ref T panels)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref T origin = ref Unsafe.Add(ref Unsafe.AsRef(in group), (nint)first * weightRow);
        for (int row = 0; row < count; row += width)
        {
            int here = Math.Min(width, count - row);
            foreach (int weight in weights.AsSpan(start, depth))
            {
                ref T from = ref Unsafe.Add(ref origin, ((nint)row * weightRow) + weight);
                for (int i = 0; i < width; i++)
                {
                    Unsafe.Add(ref panels, i) = i < here ? Unsafe.Add(ref from, (nint)i * weightRow) : T.Zero;
                }

                panels = ref Unsafe.Add(ref panels, width);
            }
        }
    }
}
