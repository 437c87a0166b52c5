using System.Numerics;

namespace ChainRule.Kernels;

/// <summary>A function applied to every number of spans, by whichever thread.</summary>
internal interface IElementwisePart<T>
{
    /// <summary>result = f(x, y); a function of one number leaves y alone.</summary>
    void Map(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result);
}

/// <summary>Long spans divided among threads. Every number has its own result, so the bits are the same wherever they are divided.</summary>
internal sealed unsafe class ElementwiseParts<T, TFunction> : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
    where TFunction : struct, IElementwisePart<T>
{
    [ThreadStatic]
    private static ElementwiseParts<T, TFunction>? instance;

    private TFunction function;
    private T* x;
    private T* y;
    private T* result;
    private int length;
    private int count;

    /// <summary>result = f(x, y), by so many threads.</summary>
    public static void Run(TFunction function, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result, int threads)
    {
        ElementwiseParts<T, TFunction> parts = instance ??= new ElementwiseParts<T, TFunction>();
        fixed (T* px = x)
        fixed (T* py = y)
        fixed (T* pr = result)
        {
            parts.function = function;
            parts.x = px;
            parts.y = py;
            parts.result = pr;
            parts.length = x.Length;
            parts.count = threads;
            Workers.Run(parts, parts.count);
        }
    }

    /// <inheritdoc/>
    public void Run(int part)
    {
        int first = Border(part);
        int here = Border(part + 1) - first;
        function.Map(new ReadOnlySpan<T>(x + first, here), new ReadOnlySpan<T>(y + first, here), new Span<T>(result + first, here));
    }

    /// <summary>Parts begin on whole registers.</summary>
    private int Border(int part) => part == count ? length : (int)((long)length * part / count) / Vector<T>.Count * Vector<T>.Count;
}
