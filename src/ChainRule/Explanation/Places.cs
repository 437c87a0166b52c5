namespace ChainRule.Explanation;

/// <summary>Places in a tensor as indices and as positions in memory.</summary>
internal static class Places
{
    /// <summary>The indices of a position, row by row.</summary>
    public static int[] Unravel(int position, IReadOnlyList<int> lengths)
    {
        int[] indices = new int[lengths.Count];
        for (int d = lengths.Count - 1; d >= 0; d--)
        {
            (position, indices[d]) = Math.DivRem(position, lengths[d]);
        }

        return indices;
    }

    /// <summary>The position of indices; null where they are not inside the shape.</summary>
    public static int? Ravel(IReadOnlyList<int> indices, IReadOnlyList<int> lengths)
    {
        if (indices.Count != lengths.Count)
        {
            return null;
        }

        int position = 0;
        for (int d = 0; d < lengths.Count; d++)
        {
            if (indices[d] < 0 || indices[d] >= lengths[d])
            {
                return null;
            }

            position = (position * lengths[d]) + indices[d];
        }

        return position;
    }
}
