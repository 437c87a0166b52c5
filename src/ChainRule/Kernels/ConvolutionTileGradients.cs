using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// The gradients of a convolution with many outputs in a group: as in a matrix product, a tile of sums stays in registers, some
/// places of the window by two registers of outputs, and walks over the positions. The tiles are divided among threads.
/// </summary>
/// <remarks>
/// The output gradients are packed, so that the outputs of a position lie side by side; the frames are read where they are.
/// Some samples at a time, or some rows of a large one, as much as stays in the second cache level.
/// </remarks>
internal sealed unsafe class ConvolutionTileGradients<T> : ConvolutionGradients<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Half of the second cache level of the machine that was measured.
    private const int BlockBytes = 1024 * 1024;

    // With fewer tiles there would be nothing for a second thread.
    private const int LeastTiles = 4;

    private readonly int tilesOfGroup;
    private readonly int panels;

    /// <summary>Divides the work for a shape.</summary>
    public ConvolutionTileGradients(ConvolutionShape shape, ConvolutionFrame frame)
        : base(shape, frame)
    {
        tilesOfGroup = TilesOfGroup(shape);
        panels = (shape.GroupOutputs + Width - 1) / Width;
    }

    /// <inheritdoc/>
    protected override int Grains => Shape.Groups * tilesOfGroup;

    /// <summary>Whether tiles are not mostly empty, and there are enough of them.</summary>
    public static bool Suits(ConvolutionShape shape) => shape.GroupOutputs > Width / 2 && shape.Groups * TilesOfGroup(shape) >= LeastTiles;

    /// <inheritdoc/>
    public override void Run(int part)
    {
        if (Biases is not null)
        {
            AddBiases((int)((long)Shape.Outputs * part / Parts), (int)((long)Shape.Outputs * (part + 1) / Parts));
        }

        int end = (int)((long)Grains * (part + 1) / Parts);
        for (int tile = (int)((long)Grains * part / Parts); tile < end;)
        {
            int group = tile / tilesOfGroup;
            int tiles = Math.Min(end, (group + 1) * tilesOfGroup) - tile;
            AddWeights(group, tile % tilesOfGroup, tiles);
            tile += tiles;
        }
    }

    /// <summary>Each output's gradients, sample by sample.</summary>
    private void AddBiases(int first, int end)
    {
        int length = Shape.Output.Height * Shape.Output.Width;
        for (int output = first; output < end; output++)
        {
            T sum = Accumulates ? Biases[output] : T.Zero;
            for (int n = 0; n < Samples; n++)
            {
                sum += TensorPrimitives.Sum(new ReadOnlySpan<T>(OutputGradients + ((((nint)n * Shape.Outputs) + output) * length), length));
            }

            Biases[output] = sum;
        }
    }

    /// <summary>Some tiles of one group.</summary>
    private void AddWeights(int group, int firstTile, int tiles)
    {
        int firstChannel = firstTile * Taps / Shape.Taps;
        int channels = Math.Min(Shape.GroupInputs, (((firstTile + tiles) * Taps) + Shape.Taps - 1) / Shape.Taps) - firstChannel;
        int frameSample = checked(channels * Frame.ChannelLength);
        int rowLength = Shape.Output.Width * panels * Width;
        int rows = Math.Clamp(BlockBytes / sizeof(T) / rowLength, 1, Shape.Output.Height);

        // By the shape alone, whichever channels this thread needs: sums are added up block by block.
        int sampleLength = checked((rows * rowLength) + (Shape.GroupInputs * Frame.ChannelLength));
        int samples = rows < Shape.Output.Height ? 1 : Math.Clamp(BlockBytes / sizeof(T) / sampleLength, 1, Samples);
        int sumsLength = tiles * Taps * panels * Width;
        ref T frames = ref Scratch<T>.A.Get(checked(samples * frameSample));
        ref T sums = ref Scratch<T>.B.Get(checked(sumsLength + (samples * rows * rowLength)));
        ref T gradients = ref Unsafe.Add(ref sums, sumsLength);
        Unsafe.InitBlockUnaligned(ref Unsafe.As<T, byte>(ref sums), 0, (uint)(sumsLength * sizeof(T)));
        for (int sample = 0; sample < Samples; sample += samples)
        {
            int count = Math.Min(samples, Samples - sample);
            for (int n = 0; n < count; n++)
            {
                FillFrames(sample + n, (group * Shape.GroupInputs) + firstChannel, channels, ref Unsafe.Add(ref frames, (nint)n * frameSample), slack: 0);
            }

            for (int row = 0; row < Shape.Output.Height; row += rows)
            {
                var walk = new TapWalk(count, frameSample, Math.Min(rows, Shape.Output.Height - row), Frame.Width, Shape.Output.Width);
                Pack(group, sample, row, walk, ref gradients);
                Multiply(firstTile, tiles, firstChannel, walk, ref Unsafe.Add(ref frames, row * Frame.Width), ref gradients, ref sums);
            }
        }

        Store(group, firstTile, tiles, ref sums);
    }

    /// <summary>Panels of the output gradients: for each position of the walk, a row of outputs.</summary>
    private void Pack(int group, int sample, int row, TapWalk walk, ref T gradients)
    {
        int length = Shape.Output.Height * Shape.Output.Width;
        int positions = walk.Rows * walk.Columns;
        for (int panel = 0; panel < panels; panel++)
        {
            int outputs = Math.Min(Width, Shape.GroupOutputs - (panel * Width));
            for (int n = 0; n < walk.Samples; n++)
            {
                nint output = ((nint)(sample + n) * Shape.Outputs) + (group * Shape.GroupOutputs) + (panel * Width);
                Packing.Pack(in OutputGradients[(output * length) + (row * walk.Columns)], length, 1, outputs, positions, Width, ref gradients);
                gradients = ref Unsafe.Add(ref gradients, (nint)positions * Width);
            }
        }
    }

    private void Multiply(int firstTile, int tiles, int firstChannel, TapWalk walk, ref T frames, ref T gradients, ref T sums)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Multiply<TapTile12<T, Lanes512<T>, Vector512<T>>>(firstTile, tiles, firstChannel, walk, ref frames, ref gradients, ref sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Multiply<TapTile6<T, Lanes256<T>, Vector256<T>>>(firstTile, tiles, firstChannel, walk, ref frames, ref gradients, ref sums);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Multiply<TapTile6<T, Lanes128<T>, Vector128<T>>>(firstTile, tiles, firstChannel, walk, ref frames, ref gradients, ref sums);
        }
        else
        {
            Multiply<TapTile6<T, Lanes1<T>, T>>(firstTile, tiles, firstChannel, walk, ref frames, ref gradients, ref sums);
        }
    }

    private void Multiply<TTile>(int firstTile, int tiles, int firstChannel, TapWalk walk, ref T frames, ref T gradients, ref T sums)
        where TTile : struct, ITapTile<T>
    {
        Span<int> offsets = stackalloc int[TTile.Taps];
        for (int panel = 0; panel < panels; panel++)
        {
            for (int tile = firstTile; tile < firstTile + tiles; tile++)
            {
                for (int i = 0; i < offsets.Length; i++)
                {
                    // What hangs over the edge is computed again, and left out.
                    int place = Math.Min((tile * TTile.Taps) + i, Shape.Depth - 1);
                    offsets[i] = (((place / Shape.Taps) - firstChannel) * Frame.ChannelLength) + Frame.TapOffset(place % Shape.Taps);
                }

                TTile.Multiply(ref frames, offsets, walk, ref gradients, ref sums);
                sums = ref Unsafe.Add(ref sums, TTile.Taps * Width);
            }

            gradients = ref Unsafe.Add(ref gradients, (nint)walk.Samples * walk.Rows * walk.Columns * Width);
        }
    }

    /// <summary>The sums lie place by place; the weights, output by output.</summary>
    private void Store(int group, int firstTile, int tiles, ref T sums)
    {
        for (int panel = 0; panel < panels; panel++)
        {
            int outputs = Math.Min(Width, Shape.GroupOutputs - (panel * Width));
            for (int tile = firstTile; tile < firstTile + tiles; tile++)
            {
                int places = Math.Min(Taps, Shape.Depth - (tile * Taps));
                for (int o = 0; o < outputs; o++)
                {
                    T* target = Weights + ((nint)((group * Shape.GroupOutputs) + (panel * Width) + o) * Shape.Depth) + (tile * Taps);
                    for (int i = 0; i < places; i++)
                    {
                        T sum = Unsafe.Add(ref sums, (i * Width) + o);
                        target[i] = Accumulates ? target[i] + sum : sum;
                    }
                }

                sums = ref Unsafe.Add(ref sums, Taps * Width);
            }
        }
    }

    private static int TilesOfGroup(ConvolutionShape shape) => (shape.Depth + Taps - 1) / Taps;

    private static int Taps => Vector512.IsHardwareAccelerated ? TapTile12<T, Lanes512<T>, Vector512<T>>.Taps : TapTile6<T, Lanes1<T>, T>.Taps;

    private static int Width => ConvolutionProduct.PanelWidth<T>();
}
