using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Random;

namespace ChainRule.Layers;

/// <summary>
/// Dropout: in training a = x ∘ r, where each rᵢ is 0 with probability p and otherwise 1/(1 − p), so that the mean stays; in
/// inference a = x.
/// </summary>
/// <remarks>
/// <para>Shapes: x, r and a the same, any. Backward: ∂L/∂x = ∂L/∂a ∘ r, with the r of the last forward pass.</para>
/// <para>
/// Source: Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting (JMLR 15, 2014); the division
/// by 1 − p in training is their section 10.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Dropout<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly NumPyRandom random;
    private T[] mask = [];
    private bool passesAll;

    /// <summary>Makes a layer that drops with probability p.</summary>
    /// <param name="probability">p, from 0 to less than 1.</param>
    /// <param name="random">Where each forward pass in training draws its r from.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not from 0 to less than 1.</exception>
    public Dropout(double probability, NumPyRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (!(probability >= 0 && probability < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, string.Create(CultureInfo.InvariantCulture, $"Dropout: expected a probability from 0 to less than 1, got {probability}."));
        }

        Probability = probability;
        this.random = random;
    }

    /// <summary>p.</summary>
    public double Probability { get; }

    /// <summary>
    /// Whether the next forward pass of the same shape keeps the r of the last one: a gradient check needs one function, not a
    /// new one each time.
    /// </summary>
    public bool KeepsMask { get; set; }

    /// <inheritdoc/>
    public override NumPyRandom? Generator => random;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Dropout({Probability})");

    /// <summary>Takes the r of another layer's last forward pass, and keeps it.</summary>
    internal void TakeMask<TOther>(Dropout<TOther> other)
        where TOther : unmanaged, IFloatingPointIeee754<TOther>
    {
        mask = [.. other.mask.Select(r => r == TOther.Zero ? T.Zero : T.CreateTruncating(1 / (1 - Probability)))];
        KeepsMask = true;
    }

    /// <summary>a = x ∘ r in training, a = x in inference.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        passesAll = !IsTraining || Probability == 0;
        if (passesAll)
        {
            input.CopyTo(output);
            return;
        }

        if (mask.Length < input.Length || !KeepsMask)
        {
            if (mask.Length < input.Length)
            {
                mask = new T[input.Length];
            }

            T scale = T.CreateTruncating(1 / (1 - Probability));
            for (int i = 0; i < input.Length; i++)
            {
                mask[i] = random.Rand() < Probability ? T.Zero : scale;
            }
        }

        TensorPrimitives.Multiply(input, mask.AsSpan(0, input.Length), output);
    }

    /// <summary>∂L/∂x = ∂L/∂a ∘ r.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        if (passesAll)
        {
            outputGradient.CopyTo(inputGradient);
            return;
        }

        TensorPrimitives.Multiply(outputGradient, mask.AsSpan(0, outputGradient.Length), inputGradient);
    }
}
