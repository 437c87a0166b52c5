using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>What a factor that all entries are wrong by is taken for, beyond the table in <see cref="DiagnosisRuleTests"/>.</summary>
public class FactorSuspicionTests
{
    /// <summary>Every tensor may have a dimension of length 1; that explains no factor.</summary>
    [Fact]
    public void One_unit_is_no_count_that_could_be_forgotten() =>
        Assert.Equal(GradientMistake.ConstantFactor, FactorSuspicions.Of(1.00005, 12, null, [1], "It").Cause);

    /// <summary>Batch 5, and 7 outputs whose mean is missing, or taken once too often.</summary>
    [Theory]
    [InlineData(5, GradientMistake.SummedInsteadOfAveraged)]
    [InlineData(35, GradientMistake.SummedInsteadOfAveraged)]
    [InlineData(0.2, GradientMistake.AveragedInsteadOfSummed)]
    [InlineData(1 / 35.0, GradientMistake.AveragedInsteadOfSummed)]
    public void The_batch_may_be_forgotten_together_with_the_outputs(double factor, GradientMistake cause)
    {
        Diagnosis diagnosis = FactorSuspicions.Of(factor, 12, 5, [7], "It");
        Assert.Equal((cause, 0.85), (diagnosis.Cause, diagnosis.Confidence));
    }
}
