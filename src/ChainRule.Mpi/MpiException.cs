namespace ChainRule.Mpi;

/// <summary>There is no MPI that can be used here. The message says what to install or how to start.</summary>
/// <param name="message">That.</param>
public sealed class MpiException(string message) : Exception(message);
