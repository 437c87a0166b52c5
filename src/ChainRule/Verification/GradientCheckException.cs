namespace ChainRule.Verification;

/// <summary>A gradient is wrong; the message says which and by how much.</summary>
public sealed class GradientCheckException : Exception
{
    /// <summary>Makes the exception.</summary>
    public GradientCheckException()
    {
    }

    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">Which gradient is wrong, and by how much.</param>
    public GradientCheckException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a message and its cause.</summary>
    /// <param name="message">Which gradient is wrong, and by how much.</param>
    /// <param name="innerException">The cause.</param>
    public GradientCheckException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
