using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>A large product, split among threads by rows or by columns of the result, whichever there are more of.</summary>
internal sealed unsafe class ParallelProduct<T> : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Multiples of every tile's rows and columns, so that the threads do not compute more tiles that hang over than one alone.
    private const int RowGrain = 12;
    private const int ColumnGrain = 32;

    [ThreadStatic]
    private static ParallelProduct<T>? instance;

    private Operand a;
    private Operand b;
    private T* c;
    private int stride;
    private bool accumulate;
    private bool byRows;
    private int count;

    /// <summary>C = A·B or C += A·B.</summary>
    /// <param name="a">A (rows, depth).</param>
    /// <param name="b">B (depth, columns).</param>
    /// <param name="c">The first element of C (rows, columns).</param>
    /// <param name="accumulate">Whether to add to C or to overwrite it.</param>
    /// <param name="threads">The number of threads.</param>
    public static void Multiply(Matrix<T> a, Matrix<T> b, ref T c, bool accumulate, int threads)
    {
        ParallelProduct<T> job = instance ??= new ParallelProduct<T>();
        ref readonly T firstOfA = ref a.Origin;
        ref readonly T firstOfB = ref b.Origin;
        fixed (T* pa = &firstOfA)
        fixed (T* pb = &firstOfB)
        fixed (T* pc = &c)
        {
            job.a = new Operand(pa, a);
            job.b = new Operand(pb, b);
            job.c = pc;
            job.stride = b.Columns;
            job.accumulate = accumulate;
            job.byRows = a.Rows >= b.Columns;
            job.count = Math.Min(threads, Grains(job.byRows, a.Rows, b.Columns));
            Workers.Run(job, job.count);
        }
    }

    /// <inheritdoc/>
    public void Run(int part)
    {
        Matrix<T> left = a.View;
        Matrix<T> right = b.View;
        int lines = byRows ? left.Rows : right.Columns;
        int grain = byRows ? RowGrain : ColumnGrain;
        long grains = Grains(byRows, left.Rows, right.Columns);
        int start = (int)(grains * part / count) * grain;
        int end = Math.Min(lines, (int)(grains * (part + 1) / count) * grain);
        if (byRows)
        {
            PackedProduct.Multiply(left.RowRange(start, end - start), right, ref Unsafe.AsRef<T>(c + ((nint)start * stride)), stride, accumulate);
        }
        else
        {
            PackedProduct.Multiply(left, right.Transposed.RowRange(start, end - start).Transposed, ref Unsafe.AsRef<T>(c + start), stride, accumulate);
        }
    }

    private static int Grains(bool byRows, int rows, int columns) => byRows ? (rows + RowGrain - 1) / RowGrain : (columns + ColumnGrain - 1) / ColumnGrain;

    /// <summary>A matrix as a field can hold it; the memory is pinned while the work is under way.</summary>
    private readonly struct Operand(T* origin, Matrix<T> matrix)
    {
        private readonly T* origin = origin;
        private readonly int rows = matrix.Rows;
        private readonly int columns = matrix.Columns;
        private readonly int rowStride = matrix.RowStride;
        private readonly int columnStride = matrix.ColumnStride;

        public Matrix<T> View => new(in Unsafe.AsRef<T>(origin), rows, columns, rowStride, columnStride);
    }
}
