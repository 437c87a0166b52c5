namespace ChainRule.Verification;

/// <summary>What can be wrong with a backward pass, as far as the numbers tell.</summary>
public enum GradientMistake
{
    /// <summary>A gradient is NaN or infinite.</summary>
    NotFinite,

    /// <summary>A gradient has another shape than the thing it belongs to.</summary>
    WrongShape,

    /// <summary>The same pass gives other bits when it runs again.</summary>
    NonDeterministic,

    /// <summary>Forward or backward changes values that are not theirs: the input, a parameter, the gradient from above.</summary>
    ValuesChanged,

    /// <summary>The backward pass uses values of an earlier batch.</summary>
    StaleCache,

    /// <summary>Gradients do not add up over two backward passes, or the gradient of one pass still holds the one before.</summary>
    WrongAccumulation,

    /// <summary>The gradient stays 0 although the loss depends on the value.</summary>
    NeverReached,

    /// <summary>The gradient from above is left out: the result does not depend on it.</summary>
    UpstreamDropped,

    /// <summary>The gradient from above is multiplied in twice: doubled, it makes the result four times as large.</summary>
    UpstreamAppliedTwice,

    /// <summary>Every entry is the negative of what it should be.</summary>
    SignTurned,

    /// <summary>Every entry is twice or half of what it should be.</summary>
    FactorOfTwo,

    /// <summary>Every entry is wrong by the number of inputs or outputs of a layer.</summary>
    FactorOfUnits,

    /// <summary>Every entry is wrong by one factor that is none of the usual ones.</summary>
    ConstantFactor,

    /// <summary>A sum stands where a mean belongs: the gradient grows with the batch.</summary>
    SummedInsteadOfAveraged,

    /// <summary>A mean stands where a sum belongs, or a mean is taken twice: the gradient shrinks as the batch grows.</summary>
    AveragedInsteadOfSummed,

    /// <summary>What all samples share, a bias or a weight, has the gradient of some of them only: their sum is not taken.</summary>
    NotSummed,

    /// <summary>Rows and columns have changed places.</summary>
    Transposed,

    /// <summary>The entries are right, and stand in another order: reversed, or whole blocks exchanged.</summary>
    Reordered,

    /// <summary>An index is off by one: each entry has the value of its neighbour, or the first or last is left out.</summary>
    OffByOne,

    /// <summary>Only some rows, columns, channels or units are wrong.</summary>
    PartWrong,

    /// <summary>The derivative of an activation is not multiplied in.</summary>
    ActivationDerivativeMissing,

    /// <summary>The derivative of an activation is taken at another value than its input, or is multiplied in twice.</summary>
    ActivationDerivativeMisplaced,

    /// <summary>The formula of an activation's derivative is wrong.</summary>
    ActivationDerivativeWrong,

    /// <summary>
    /// An output depends on several inputs, through a sum, a mean or a variance, and the backward pass treats it as if it
    /// depended on its own alone: softmax, normalisation.
    /// </summary>
    CrossTermsMissing,

    /// <summary>The gradient of one sample contains that of others.</summary>
    SamplesMixed,

    /// <summary>Of several paths from a value to the loss one is left out of the sum.</summary>
    PathMissing,

    /// <summary>Of several paths from a value to the loss one counts more than once.</summary>
    PathCountedTwice,

    /// <summary>The gradient is built from another value of the forward pass than the one that was multiplied there.</summary>
    WrongValueUsed,

    /// <summary>A term of the loss that depends on the parameter alone, such as weight decay, has no derivative.</summary>
    PenaltyMissing,

    /// <summary>Right as long as the parameters are those of the start, wrong once they have moved.</summary>
    WrongAfterTraining,

    /// <summary>Right for one sample, wrong for a batch.</summary>
    RightForOneSampleOnly,

    /// <summary>Wrong, without a pattern that says more.</summary>
    Unknown,
}
