using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Verification;

/// <summary>
/// What the gradient of a weight is made of. For one sample every use of a matrix gives a product of two vectors, what it was
/// multiplied with and what comes back: which of them a wrong gradient contains says what is missing.
/// </summary>
internal static class ParameterExperiments
{
    /// <summary>A use of the weight that is missing, or a wrong value that it was multiplied with.</summary>
    public static IEnumerable<Diagnosis> Of(Examination e, int argument)
    {
        Piece.Argument about = e.Piece.Arguments[argument];
        if (about.Shape.Length != 2 || Examination.Of(e.Piece.Take([0])) is not { } one || !one.Wrong.Contains(argument))
        {
            yield break;
        }

        (int rows, int columns) = ((int)about.Shape[0], (int)about.Shape[1]);
        double[] x = one.Piece.Input.AsSpan().ToArray();
        double[] claim = one.Claims[argument];
        double[] lacking = [.. one.Right[argument].Zip(claim, (right, value) => right - value)];
        Diagnosis Says(GradientMistake cause, string evidence) => new() { Cause = cause, Place = about.Name, Confidence = 0.75, Evidence = evidence };
        bool IsMadeOfTheInput(double[] gradient) => IsProduct(gradient, rows, columns, x) || IsProduct(OrderSuspicions.Transposed(gradient, [rows, columns]), columns, rows, x);
        if (IsMadeOfTheInput(lacking) && !IsMadeOfTheInput(claim))
        {
            yield return Says(GradientMistake.PathMissing, $"What the gradient of {about.Name} lacks is a product with the input of {e.Piece.Name}: the weight is used there too, and every use adds to its gradient.");
        }

        double[] turned = OrderSuspicions.Transposed(claim, [rows, columns]);
        if (!IsMadeOfTheInput(claim) && (IsProduct(turned, columns, rows, one.Upstream) || IsProduct(claim, rows, columns, one.Upstream)))
        {
            yield return Says(GradientMistake.WrongValueUsed, $"The gradient of {about.Name} is the gradient from above times another value than the input of {e.Piece.Name}, with which the weight was multiplied.");
        }
    }

    /// <summary>Whether every column of a matrix is a multiple of a vector.</summary>
    private static bool IsProduct(double[] matrix, int rows, int columns, double[] vector)
    {
        if (vector.Length != rows || rows < 2 || Agreement.IsZero(matrix))
        {
            return false;
        }

        int pivot = Enumerable.Range(0, rows).MaxBy(k => Math.Abs(vector[k]));
        double[] product = new double[matrix.Length];
        for (int k = 0; k < rows; k++)
        {
            for (int j = 0; j < columns; j++)
            {
                product[(k * columns) + j] = vector[k] / vector[pivot] * matrix[(pivot * columns) + j];
            }
        }

        return Agreement.Same(matrix, product);
    }
}
