namespace ChainRule.Verification;

/// <summary>What a gradient check says of an entry. Of a parameter, and of everything, it says the last of these that any entry has.</summary>
public enum GradientVerdict
{
    /// <summary>Nothing: both derivatives are below what rounding lets one see. No error, and no proof either.</summary>
    Noise,

    /// <summary>The analytic and the numeric derivative agree.</summary>
    Pass,

    /// <summary>
    /// There is no derivative here: the loss has a corner (a ReLU exactly at 0), its slopes to the left and to the right
    /// differ, and the analytic value lies between them. Not an error.
    /// </summary>
    Kink,

    /// <summary>They disagree: the backward pass is wrong.</summary>
    Fail,
}
