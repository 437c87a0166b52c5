namespace ChainRule.Verification;

/// <summary>A gradient of which only a part is wrong: some rows, some columns, some channels, the last one.</summary>
internal static class PartSuspicions
{
    private const int MostNamed = 8;

    /// <summary>The axis along which the wrong entries fill the fewest places; null where they are spread over all of every axis.</summary>
    /// <param name="claim">The claimed gradient.</param>
    /// <param name="right">The right one.</param>
    /// <param name="shape">The shape of both.</param>
    /// <param name="name">The tensor.</param>
    public static Diagnosis? Of(double[] claim, double[] right, IReadOnlyList<nint> shape, string name)
    {
        int[] wrong = Agreement.Wrong(claim, right);
        int inner = right.Length;
        (int Axis, int[] Places)? best = null;
        for (int axis = 0; axis < shape.Count; axis++)
        {
            int length = (int)shape[axis];
            inner /= length;
            int width = inner;
            int[] places = [.. wrong.Select(e => e / width % length).Distinct().Order()];
            if (places.Length < length && (best is null || (double)places.Length / length < (double)best.Value.Places.Length / (int)shape[best.Value.Axis]))
            {
                best = (axis, places);
            }
        }

        if (best is not { } part)
        {
            return null;
        }

        int count = (int)shape[part.Axis];
        string what = shape.Count == 1 ? "entries" : part.Axis == shape.Count - 1 ? "columns" : part.Axis == shape.Count - 2 ? "rows" : $"slices of dimension {part.Axis}";
        bool isEnd = part.Places is [var only] && (only == 0 || only == count - 1) && count > 2;
        bool isLeftOut = wrong.All(e => claim[e] == 0);
        return isEnd && isLeftOut
            ? new Diagnosis { Cause = GradientMistake.OffByOne, Place = name, Confidence = 0.85, Evidence = $"Off by one: the {(part.Places[0] == 0 ? "first" : "last")} of the {count} {what} of {name} stays 0; look at the bounds of the loop over them." }
            : new Diagnosis { Cause = GradientMistake.PartWrong, Place = name, Confidence = 0.8, Evidence = $"Only some {what} of {name} are {(isLeftOut ? "left at 0" : "wrong")}: {string.Join(", ", part.Places.Take(MostNamed))}{(part.Places.Length > MostNamed ? ", …" : "")} of {count}; the others are right." };
    }
}
