namespace ChainRule;

/// <summary>Arrays that a layer keeps from one step to the next and that only grow, so that a warm step allocates nothing.</summary>
internal static class StepMemory
{
    /// <summary>So many numbers of no meaning, at the beginning of an array that is replaced where it is too short.</summary>
    public static Span<T> Get<T>(ref T[] memory, int length)
    {
        if (memory.Length < length)
        {
            memory = new T[length];
        }

        return memory.AsSpan(0, length);
    }
}
