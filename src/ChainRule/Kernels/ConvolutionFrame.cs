using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// How images lie in memory while they are convolved, so that no window has to be gathered. An image is copied into a frame of
/// zeros, its padding. Counting positions through the frame row by row, the number under a tap of the window at position q is at
/// q + offset, with one offset for each tap: what a tap sees of all windows is the frame itself, shifted.
/// </summary>
/// <remarks>
/// <para>
/// Where the window moves by a stride s, the frame is taken apart into s·s phases, each with every s-th row and column: within a
/// phase the window moves by one. A tap belongs to one phase.
/// </para>
/// <para>
/// A frame is wider than the output, so some positions are no windows: they are computed and left out, or have gradient zero.
/// Where the output is one column, each column of the frame is a phase, and no position is wasted.
/// </para>
/// </remarks>
internal sealed class ConvolutionFrame
{
    private readonly Extent image;
    private readonly Extent output;
    private readonly Extent padding;
    private readonly int phaseLength;

    /// <summary>Lays out the frames for a shape.</summary>
    public ConvolutionFrame(ConvolutionShape shape)
    {
        image = shape.Image;
        output = shape.Output;
        padding = shape.Padding;
        int paddedHeight = checked(image.Height + (2 * padding.Height));
        int paddedWidth = checked(image.Width + (2 * padding.Width));
        Phases = new Extent(output.Height == 1 ? 1 : shape.Stride.Height, output.Width == 1 ? paddedWidth : shape.Stride.Width);
        Width = Ceiling(paddedWidth, Phases.Width);
        phaseLength = checked(Ceiling(paddedHeight, Phases.Height) * Width);
        ChannelLength = checked(phaseLength * Phases.Height * Phases.Width);
        Positions = ((output.Height - 1) * Width) + output.Width;
        TapPhases = new int[shape.Taps];
        TapShifts = new int[shape.Taps];
        for (int tap = 0; tap < shape.Taps; tap++)
        {
            (int y, int x) = (tap / shape.Kernel.Width * shape.Dilation.Height, tap % shape.Kernel.Width * shape.Dilation.Width);
            TapPhases[tap] = (y % Phases.Height * Phases.Width) + (x % Phases.Width);
            TapShifts[tap] = (y / Phases.Height * Width) + (x / Phases.Width);
            Margin = Math.Max(Margin, TapShifts[tap]);
        }
    }

    /// <summary>Into how many parts rows and columns are taken apart.</summary>
    public Extent Phases { get; }

    /// <summary>Columns of a phase, and of the frame of an output gradient.</summary>
    public int Width { get; }

    /// <summary>Numbers of one channel's frame, with all phases.</summary>
    public int ChannelLength { get; }

    /// <summary>From the first window's position to the last one's, both counted.</summary>
    public int Positions { get; }

    /// <summary>The phase of each tap.</summary>
    public int[] TapPhases { get; }

    /// <summary>How far each tap's phase is shifted.</summary>
    public int[] TapShifts { get; }

    /// <summary>The largest shift: so many zeros stand before an output gradient, for windows that would begin before the first.</summary>
    public int Margin { get; }

    /// <summary>Numbers of one channel's frame of the output gradient: the margin, and as many positions as a phase has.</summary>
    public int GradientLength => checked(Margin + phaseLength);

    /// <summary>Where each tap of a channel's frame begins.</summary>
    public int TapOffset(int tap) => (TapPhases[tap] * phaseLength) + TapShifts[tap];

    /// <summary>Where the windows are among the positions, and where they go in a channel of the output.</summary>
    public ConvolutionGrid Windows => new(0, output.Height, 0, output.Width, Width, 0, output.Width, 1);

    /// <summary>Where the image is among the positions of a phase, and where they go in a channel of the image.</summary>
    public ConvolutionGrid ImageOf(int phase)
    {
        int y = (phase / Phases.Width) - padding.Height;
        int x = (phase % Phases.Width) - padding.Width;
        int firstRow = Ceiling(Math.Max(-y, 0), Phases.Height);
        int firstColumn = Ceiling(Math.Max(-x, 0), Phases.Width);
        int rows = Ceiling(image.Height - y, Phases.Height) - firstRow;
        int columns = Ceiling(image.Width - x, Phases.Width) - firstColumn;
        return new ConvolutionGrid(firstRow, rows, firstColumn, columns, Width, (y * image.Width) + x, Phases.Height * image.Width, Phases.Width);
    }

    /// <summary>Copies channels of an image into their frames.</summary>
    /// <param name="channels">The first number of the first channel.</param>
    /// <param name="count">The number of channels.</param>
    /// <param name="frames">Where their frames go, one after the other.</param>
    /// <param name="slack">Zeros after the last frame.</param>
    public void Fill<T>(ref T channels, int count, ref T frames, int slack)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        MemoryMarshal.CreateSpan(ref frames, checked((count * ChannelLength) + slack)).Clear();
        for (int c = 0; c < count; c++)
        {
            ref T channel = ref Unsafe.Add(ref channels, (nint)c * image.Height * image.Width);
            ref T frame = ref Unsafe.Add(ref frames, (nint)c * ChannelLength);
            for (int phase = 0; phase < Phases.Height * Phases.Width; phase++)
            {
                ImageOf(phase).Load(ref channel, ref Unsafe.Add(ref frame, (nint)phase * phaseLength));
            }
        }
    }

    /// <summary>Copies channels of an output gradient into frames, zeros where there is no window.</summary>
    /// <param name="channels">The first number of the first channel.</param>
    /// <param name="count">The number of channels.</param>
    /// <param name="margin">Zeros before each channel.</param>
    /// <param name="length">From one frame to the next.</param>
    /// <param name="frames">Where the frames go, one after the other.</param>
    /// <param name="slack">Zeros after the last frame.</param>
    public void FillGradient<T>(ref T channels, int count, int margin, int length, ref T frames, int slack)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        MemoryMarshal.CreateSpan(ref frames, checked((count * length) + slack)).Clear();
        for (int c = 0; c < count; c++)
        {
            Windows.Load(ref Unsafe.Add(ref channels, (nint)c * output.Height * output.Width), ref Unsafe.Add(ref frames, ((nint)c * length) + margin));
        }
    }

    private static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;
}
