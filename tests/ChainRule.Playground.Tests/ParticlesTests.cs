using ChainRule.Playground.Text;
using Xunit;

namespace ChainRule.Playground.Tests;

/// <summary>Korean reads as Koreans write it: the particle goes by the number before it.</summary>
public sealed class ParticlesTests
{
    [Theory]
    [InlineData("뉴런 0은(는) 죽었습니다", "뉴런 0은 죽었습니다")]
    [InlineData("뉴런 2은(는)", "뉴런 2는")]
    [InlineData("뉴런 16은(는)", "뉴런 16은")]
    [InlineData("뉴런 3(으)로 가는", "뉴런 3으로 가는")]
    [InlineData("뉴런 7(으)로 가는", "뉴런 7로 가는")]
    [InlineData("뉴런 5(으)로 가는", "뉴런 5로 가는")]
    [InlineData("출력 층(으)로", "출력 층으로")]
    [InlineData("규제 항 0.25이(가)", "규제 항 0.25가")]
    [InlineData("규제 항 0.01이(가)", "규제 항 0.01이")]
    [InlineData("'abc'은(는) 아닙니다", "'abc'은(는) 아닙니다")]
    [InlineData("layer1.bias이(가)", "layer1.bias이(가)")]
    public void A_particle_fits_the_sound_before_it(string both, string fitting) => Assert.Equal(fitting, Particles.Fit(both));

    [Fact]
    public void Texts_with_numbers_fit_by_themselves() => Assert.Equal("1층의 뉴런 3은", PageText.With("{0}층의 뉴런 {1}은(는)", 1, 3));
}
