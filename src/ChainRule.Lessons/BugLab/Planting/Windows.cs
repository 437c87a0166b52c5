using System.Numerics.Tensors;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>Windows that slide along the rows of a matrix.</summary>
internal static class Windows
{
    /// <summary>aⱼ = Σ wₖ·xⱼ₊ₖ₋ₚ along each row, where x is 0 outside; row by row as wide as the padding p leaves it.</summary>
    public static Tensor<double> SlideOver(this Tensor<double> x, Tensor<double> w, int padding = 1)
    {
        (nint rows, nint width, nint places) = (x.Lengths[0], x.Lengths[1], w.Lengths[0]);
        Tensor<double> a = Tensor.CreateFromShape<double>([rows, width + (2 * padding) - places + 1]);
        for (nint i = 0; i < rows; i++)
        {
            for (nint j = 0; j < a.Lengths[1]; j++)
            {
                for (nint k = 0; k < places; k++)
                {
                    nint from = j + k - padding;
                    a[i, j] += from >= 0 && from < width ? w[k] * x[i, from] : 0;
                }
            }
        }

        return a;
    }

    /// <summary>The gradient of the window of <see cref="SlideOver"/>: dwₖ = Σ daⱼ·xⱼ₊ₖ₋₁ over all rows and places.</summary>
    public static Tensor<double> SlideUnder(this Tensor<double> x, Tensor<double> da, int places)
    {
        Tensor<double> dw = Tensor.CreateFromShape<double>([places]);
        for (nint k = 0; k < places; k++)
        {
            for (nint i = 0; i < da.Lengths[0]; i++)
            {
                for (nint j = 0; j < da.Lengths[1]; j++)
                {
                    nint from = j + k - 1;
                    dw[k] += from >= 0 && from < x.Lengths[1] ? da[i, j] * x[i, from] : 0;
                }
            }
        }

        return dw;
    }

    /// <summary>A window back to front.</summary>
    public static Tensor<double> Reverse(this Tensor<double> w) => Tensor.Create([.. w.Reverse<double>()], w.Lengths);
}
