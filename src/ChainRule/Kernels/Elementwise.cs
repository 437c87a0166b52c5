using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>A function of one number, written for a register full of them.</summary>
internal interface IUnary<T>
{
    /// <summary>The function's values.</summary>
    Vector<T> Invoke(Vector<T> x);
}

/// <summary>A function of two numbers, written for registers full of them.</summary>
internal interface IBinary<T>
{
    /// <summary>The function's values.</summary>
    Vector<T> Invoke(Vector<T> x, Vector<T> y);
}

/// <summary>One step of an optimizer for registers full of numbers.</summary>
internal interface IUpdate<T>
{
    /// <summary>The new θ. What the optimizer remembers of θ is changed in place; what it does not use stays as it is.</summary>
    Vector<T> Invoke(Vector<T> value, Vector<T> gradient, ref Vector<T> first, ref Vector<T> second, ref Vector<T> third);
}

/// <summary>
/// Functions applied to every number of a span. The formula is written once, for a register. Where the last register would hang
/// over, it starts further left; it is computed before the loop changes what it reads. A span shorter than a register goes
/// through one number by number. Subnormal results become 0.
/// </summary>
/// <remarks>
/// A function asks to be inlined, whatever its length. The JIT does it anyway; the browser's interpreter does not, and there a call
/// for each register takes ten times as long as what it computes.
/// </remarks>
internal static class Elementwise
{
    private const float SmallestNormalSingle = 1.17549435e-38f; // 2⁻¹²⁶
    private const double SmallestNormalDouble = 2.2250738585072014e-308; // 2⁻¹⁰²²

    // From so many numbers on, a second thread pays: measured for the shortest function, which takes 8 µs for them.
    private const int ParallelFrom = 1 << 16;

    /// <summary>result = f(x); the two may be the same span.</summary>
    public static void Map<T, TFunction>(TFunction f, ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IUnary<T> =>
        Map(f, x, result, Parallelism.Threads);

    /// <summary>The same with a given number of threads.</summary>
    public static void Map<T, TFunction>(TFunction f, ReadOnlySpan<T> x, Span<T> result, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IUnary<T>
    {
        RequireLength(result.Length, x.Length);
        if (x.Length >= ParallelFrom && threads > 1)
        {
            ElementwiseParts<T, Unary<T, TFunction>>.Run(new(f), x, x, result, threads);
        }
        else
        {
            MapPart(f, x, result);
        }
    }

    /// <summary>result = f(x, y); the result may be one of the others.</summary>
    public static void Map<T, TFunction>(TFunction f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IBinary<T> =>
        Map(f, x, y, result, Parallelism.Threads);

    /// <summary>The same with a given number of threads.</summary>
    public static void Map<T, TFunction>(TFunction f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IBinary<T>
    {
        RequireLength(y.Length, x.Length);
        RequireLength(result.Length, x.Length);
        if (x.Length >= ParallelFrom && threads > 1)
        {
            ElementwiseParts<T, Binary<T, TFunction>>.Run(new(f), x, y, result, threads);
        }
        else
        {
            MapPart(f, x, y, result);
        }
    }

    /// <summary>The numbers of one thread.</summary>
    private static void MapPart<T, TFunction>(TFunction f, ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IUnary<T>
    {
        if (x.Length < Vector<T>.Count)
        {
            for (int k = 0; k < x.Length; k++)
            {
                result[k] = Normal(f.Invoke(new Vector<T>(x[k]))).ToScalar();
            }

            return;
        }

        ref T source = ref MemoryMarshal.GetReference(x);
        ref T target = ref MemoryMarshal.GetReference(result);
        int rest = x.Length % Vector<T>.Count;
        nuint end = (nuint)(x.Length - Vector<T>.Count);
        Vector<T> last = rest > 0 ? Normal(f.Invoke(Vector.LoadUnsafe(ref source, end))) : default;
        for (nuint i = 0; i <= end; i += (nuint)Vector<T>.Count)
        {
            Normal(f.Invoke(Vector.LoadUnsafe(ref source, i))).StoreUnsafe(ref target, i);
        }

        if (rest > 0)
        {
            last.StoreUnsafe(ref target, end);
        }
    }

    /// <summary>The numbers of one thread.</summary>
    private static void MapPart<T, TFunction>(TFunction f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IBinary<T>
    {
        if (x.Length < Vector<T>.Count)
        {
            for (int k = 0; k < x.Length; k++)
            {
                result[k] = Normal(f.Invoke(new Vector<T>(x[k]), new Vector<T>(y[k]))).ToScalar();
            }

            return;
        }

        ref T first = ref MemoryMarshal.GetReference(x);
        ref T second = ref MemoryMarshal.GetReference(y);
        ref T target = ref MemoryMarshal.GetReference(result);
        int rest = x.Length % Vector<T>.Count;
        nuint end = (nuint)(x.Length - Vector<T>.Count);
        Vector<T> last = rest > 0 ? Normal(f.Invoke(Vector.LoadUnsafe(ref first, end), Vector.LoadUnsafe(ref second, end))) : default;
        for (nuint i = 0; i <= end; i += (nuint)Vector<T>.Count)
        {
            Normal(f.Invoke(Vector.LoadUnsafe(ref first, i), Vector.LoadUnsafe(ref second, i))).StoreUnsafe(ref target, i);
        }

        if (rest > 0)
        {
            last.StoreUnsafe(ref target, end);
        }
    }

    /// <summary>One step of an optimizer: changes θ and up to three spans of state; a state that the optimizer does not have is empty.</summary>
    public static void Update<T, TUpdate>(TUpdate f, Span<T> value, ReadOnlySpan<T> gradient, Span<T> first, Span<T> second, Span<T> third)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TUpdate : struct, IUpdate<T>
    {
        RequireLength(gradient.Length, value.Length);
        RequireLength(first.IsEmpty ? value.Length : first.Length, value.Length);
        RequireLength(second.IsEmpty ? value.Length : second.Length, value.Length);
        RequireLength(third.IsEmpty ? value.Length : third.Length, value.Length);
        ref T g = ref MemoryMarshal.GetReference(gradient);
        var here = new Registers<T>(value);
        var state1 = new Registers<T>(first);
        var state2 = new Registers<T>(second);
        var state3 = new Registers<T>(third);
        Vector<T> one, two, three;
        if (value.Length < Vector<T>.Count)
        {
            for (int k = 0; k < value.Length; k++)
            {
                (one, two, three) = (state1.Copies(k), state2.Copies(k), state3.Copies(k));
                here.StoreOne(f.Invoke(here.Copies(k), new Vector<T>(gradient[k]), ref one, ref two, ref three), k);
                state1.StoreOne(one, k);
                state2.StoreOne(two, k);
                state3.StoreOne(three, k);
            }

            return;
        }

        int rest = value.Length % Vector<T>.Count;
        nuint end = (nuint)(value.Length - Vector<T>.Count);
        (Vector<T> last1, Vector<T> last2, Vector<T> last3) = (state1.Load(end), state2.Load(end), state3.Load(end));
        Vector<T> last = rest > 0 ? f.Invoke(here.Load(end), Vector.LoadUnsafe(ref g, end), ref last1, ref last2, ref last3) : default;
        for (nuint i = 0; i <= end; i += (nuint)Vector<T>.Count)
        {
            (one, two, three) = (state1.Load(i), state2.Load(i), state3.Load(i));
            here.Store(f.Invoke(here.Load(i), Vector.LoadUnsafe(ref g, i), ref one, ref two, ref three), i);
            state1.Store(one, i);
            state2.Store(two, i);
            state3.Store(three, i);
        }

        if (rest > 0)
        {
            here.Store(last, end);
            state1.Store(last1, end);
            state2.Store(last2, end);
            state3.Store(last3, end);
        }
    }

    /// <summary>
    /// Zero in place of subnormal numbers, those nearer to 0 than the smallest normal one: a saturated unit's slope, a momentum that nothing feeds any more. Processors take a hundred times as long for them, in every product that they
    /// come into. NaN stays.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Normal<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), new Vector<T>(typeof(T) == typeof(float) ? T.CreateTruncating(SmallestNormalSingle) : T.CreateTruncating(SmallestNormalDouble))), Vector<T>.Zero, x);

    // Short, so that the browser's interpreter inlines it; the platform's own asks for a comparer there.
    private static void RequireLength(int length, int expected)
    {
        if (length != expected)
        {
            ThrowLength(length, expected);
        }
    }

    [DoesNotReturn]
    private static void ThrowLength(int length, int expected) => throw new ArgumentOutOfRangeException(nameof(length), length, $"Expected {expected} numbers, got {length}.");

    /// <summary>A function of one number as the work of several threads.</summary>
    private readonly struct Unary<T, TFunction>(TFunction f) : IElementwisePart<T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IUnary<T>
    {
        public void Map(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => MapPart(f, x, result);
    }

    /// <summary>A function of two numbers as the work of several threads.</summary>
    private readonly struct Binary<T, TFunction>(TFunction f) : IElementwisePart<T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IBinary<T>
    {
        public void Map(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => MapPart(f, x, y, result);
    }

    /// <summary>A span register by register. An empty one reads as zeros, and what is stored in it is lost.</summary>
    private readonly ref struct Registers<T>(Span<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly ref T origin = ref MemoryMarshal.GetReference(values);
        private readonly bool isThere = !values.IsEmpty;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Load(nuint index) => isThere ? Vector.LoadUnsafe(ref origin, index) : default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(Vector<T> register, nuint index)
        {
            if (isThere)
            {
                Normal(register).StoreUnsafe(ref origin, index);
            }
        }

        /// <summary>One number in every lane.</summary>
        public Vector<T> Copies(int index) => isThere ? new Vector<T>(Unsafe.Add(ref origin, index)) : default;

        /// <summary>Stores the first lane.</summary>
        public void StoreOne(Vector<T> register, int index)
        {
            if (isThere)
            {
                Unsafe.Add(ref origin, index) = Normal(register).ToScalar();
            }
        }
    }
}
