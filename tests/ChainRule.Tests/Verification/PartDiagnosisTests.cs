using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>Which part of a gradient is wrong: entries that are claimed as 7 where 1 is right, or left at 0.</summary>
public class PartDiagnosisTests
{
    [Theory]
    [InlineData("4", "1", "entries", "1 of 4")]
    [InlineData("3 4", "4 5 6 7", "rows", "1 of 3")]
    [InlineData("3 4", "3 5", "columns", "1, 3 of 4")]
    [InlineData("2 3 4", "12 15 20", "slices of dimension 0", "1 of 2")]
    [InlineData("2 3 4", "4 5 19", "rows", "1 of 3")]
    [InlineData("2 3 4", "2 6 22", "columns", "2 of 4")]
    [InlineData("2 4", "5", "columns", "1 of 4")]
    [InlineData("4 2", "5", "rows", "2 of 4")]
    [InlineData("3 3", "4", "rows", "1 of 3")]
    [InlineData("12", "0 1 2 3 4 5 6 7", "entries", "0, 1, 2, 3, 4, 5, 6, 7 of 12")]
    [InlineData("12", "0 1 2 3 4 5 6 7 8", "entries", "0, 1, 2, 3, 4, 5, 6, 7, … of 12")]
    public void The_axis_is_named_along_which_the_fewest_places_are_wrong(string shape, string wrong, string what, string places)
    {
        Diagnosis part = Of(shape, wrong, 7)!;
        Assert.Equal((GradientMistake.PartWrong, $"Only some {what} of w are wrong: {places}"), (part.Cause, part.Evidence.Split(';')[0]));
    }

    [Theory]
    [InlineData("3 3", "0 4 8")]
    [InlineData("2", "0 1")]
    public void What_is_wrong_everywhere_is_no_part(string shape, string wrong) => Assert.Null(Of(shape, wrong, 7));

    /// <summary>The first or last of several that stays 0 is a loop that begins too late or ends too early; of two there is no telling.</summary>
    [Theory]
    [InlineData("4", "0", "the first of the 4 entries")]
    [InlineData("4", "3", "the last of the 4 entries")]
    [InlineData("3 4", "0 1 2 3", "the first of the 3 rows")]
    [InlineData("3 4", "3 7 11", "the last of the 4 columns")]
    [InlineData("4", "1", "left at 0: 1 of 4")]
    [InlineData("4", "0 1", "left at 0: 0, 1 of 4")]
    [InlineData("2", "1", "left at 0: 1 of 2")]
    public void What_stays_0_at_an_end_is_off_by_one(string shape, string wrong, string said)
    {
        Diagnosis part = Of(shape, wrong, 0)!;
        Assert.Contains(said, part.Evidence, StringComparison.Ordinal);
        Assert.Equal(said.StartsWith("the", StringComparison.Ordinal) ? GradientMistake.OffByOne : GradientMistake.PartWrong, part.Cause);
    }

    /// <summary>One entry that happens to be 0 among wrong ones is no sign.</summary>
    [Fact]
    public void An_end_that_is_wrong_and_not_0_is_a_part()
    {
        Diagnosis part = PartSuspicions.Of([0, 7, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1], [3, 2], "w")!;
        Assert.Equal((GradientMistake.PartWrong, "Only some rows of w are wrong: 0 of 3"), (part.Cause, part.Evidence.Split(';')[0]));
    }

    private static Diagnosis? Of(string shape, string wrong, double claim)
    {
        nint[] lengths = [.. shape.Split(' ').Select(nint.Parse)];
        double[] right = [.. Enumerable.Repeat(1.0, (int)lengths.Aggregate((x, y) => x * y))];
        double[] claimed = [.. right];
        foreach (int e in wrong.Split(' ').Select(int.Parse))
        {
            claimed[e] = claim;
        }

        return PartSuspicions.Of(claimed, right, lengths, "w");
    }
}
