using ChainRule.Verification;
using Xunit;
using static ChainRule.Verification.GradientMistake;

namespace ChainRule.Tests.Verification;

/// <summary>The right numbers in the wrong order, on gradients of a few entries: which order it is, and what it is called.</summary>
public class OrderSuspicionTests
{
    private static readonly double[] six = [1, 2, 3, 5, 8, 13];

    /// <summary>Whatever takes the place of the neighbour that the last entry does not have.</summary>
    [Fact]
    public void Off_by_one_is_told_along_every_dimension()
    {
        Says(OffByOne, "every entry has the values of the next entry", [2, 3, 5, 8, 13, 77], six, 6);
        Says(OffByOne, "every entry has the values of the previous entry", [77, 1, 2, 3, 5, 8], six, 6);
        Says(OffByOne, "every row has the values of the next row", [3, 5, 8, 13, 77, 78], six, 3, 2);
        Says(OffByOne, "every row has the values of the previous row", [77, 78, 1, 2, 3, 5], six, 3, 2);
        Says(OffByOne, "every column has the values of the next column", [2, 3, 77, 8, 13, 78], six, 2, 3);
        Says(OffByOne, "every slice of dimension 0 has the values of the next slice of dimension 0", [3, 5, 8, 13, 77, 78], six, 3, 1, 2);
        Says(OffByOne, "every column has the values of the previous column", [77, 1, 2, 78, 5, 8], six, 1, 2, 3);
    }

    /// <summary>Of two places only one would be explained.</summary>
    [Fact]
    public void Two_places_are_too_few_to_be_off_by_one() =>
        Assert.DoesNotContain(OrderSuspicions.Of(six[..4], [2, 2]), suspicion => suspicion.Cause == OffByOne);

    [Fact]
    public void Reversed_is_told_along_every_set_of_dimensions()
    {
        Says(Reordered, "Reversed along dimension 0:", [5, 8, 13, 1, 2, 3], six, 2, 3);
        Says(Reordered, "Reversed along dimension 1:", [3, 2, 1, 13, 8, 5], six, 2, 3);
        Says(Reordered, "Reversed along dimension 0 and 1:", [13, 8, 5, 3, 2, 1], six, 2, 3);
        Says(Reordered, "Reversed along dimension 0 and 2:", [6, 5, 8, 7, 2, 1, 4, 3], [1, 2, 3, 4, 5, 6, 7, 8], 2, 2, 2);
    }

    /// <summary>Nobody turns round a dimension of length 1.</summary>
    [Fact]
    public void What_is_reversed_along_one_dimension_is_told_as_that() =>
        Assert.StartsWith("Reversed along dimension 1:", Explaining([13, 8, 5, 3, 2, 1], six, 1, 6).First().Evidence, StringComparison.Ordinal);

    /// <summary>The four gates of a recurrent layer in another order, or the two halves of something split.</summary>
    [Fact]
    public void Exchanged_blocks_are_told_with_their_order()
    {
        Says(Reordered, "of the 2 blocks along dimension 0 the gradient has them in the order 1, 0;", [5, 8, 13, 1, 2, 3], six, 6);
        Says(Reordered, "of the 3 blocks along dimension 0 the gradient has them in the order 2, 0, 1;", [8, 13, 1, 2, 3, 5], six, 6);
        Says(Reordered, "of the 3 blocks along dimension 1 the gradient has them in the order 1, 2, 0;", [3, 4, 5, 6, 1, 2, 9, 10, 11, 12, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2, 6);
        Says(Reordered, "of the 4 blocks along dimension 0 the gradient has them in the order 0, 3, 1, 2;", [1, 2, 7, 8, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 7, 8], 8);
    }

    /// <summary>A block of one is an entry, seven entries are no two blocks, and exchanged ends are not all of a reversal.</summary>
    [Fact]
    public void What_is_in_another_order_is_not_called_by_a_better_name()
    {
        Assert.Equal(["The entries are right and stand in another order."], Explaining([1, 3, 2], [1, 2, 3], 3).Select(suspicion => suspicion.Evidence));
        Assert.Equal(["The entries are right and stand in another order."], Explaining([13, 2, 3, 5, 8, 1], six, 6).Select(suspicion => suspicion.Evidence));
        Assert.Equal(["The entries are right and stand in another order."], Explaining([4, 5, 6, 1, 2, 3, 7], [1, 2, 3, 4, 5, 6, 7], 7).Select(suspicion => suspicion.Evidence));
    }

    /// <summary>An entry that is not known has no place in an order of sizes.</summary>
    [Fact]
    public void Another_order_is_told_where_all_entries_are_known() =>
        Assert.Empty(Explaining([0, 3, 5, 2], [double.NaN, 2, 3, 5], 4));

    private static void Says(GradientMistake cause, string words, double[] claim, double[] right, params nint[] shape) =>
        Assert.Contains(Explaining(claim, right, shape), suspicion => suspicion.Cause == cause && suspicion.Evidence.Contains(words, StringComparison.Ordinal));

    private static IEnumerable<Suspicion> Explaining(double[] claim, double[] right, params nint[] shape) =>
        OrderSuspicions.Of(right, shape).Where(suspicion => suspicion.Explains(claim));
}
