using Microsoft.Playwright;

namespace ChainRule.Browser.Tests;

/// <summary>The pictures of the README, as docs/pictures/take.sh puts them there: always of the same moments.</summary>
public sealed class ReadmePictures(Site site)
{
    [Fact]
    public async Task A_network_that_has_learnt_circles()
    {
        await using OpenPage page = await site.OpenAsync(width: 1440, height: 1010);
        await page.Find("#grain").SelectOptionAsync("Epoch");
        await page.Find("#network").FocusAsync();
        await page.Page.EvaluateAsync(
            """
            async () => {
              for (let epoch = 0; epoch < 160; epoch++) {
                document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: '.', bubbles: true }));
              }
            }
            """);
        await Assertions.Expect(page.Find("[data-testid=epoch]")).ToHaveTextAsync("160");

        await Assertions.Expect(page.Find("#loss-chart .series")).ToHaveCountAsync(2);
        await TakeAsync(page, "readme-circles");
    }

    [Fact]
    public async Task The_derivation_of_a_weight_in_Korean_in_the_dark()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=6&language=ko", 1440, 1010, isDark: true);
        await page.Find("#inspector details.term[open] details.term:not([open]) > summary").First.ClickAsync();
        await Assertions.Expect(page.Find("#v-curve .series")).ToHaveCountAsync(2);
        await page.Find("#inspector").EvaluateAsync("panel => scrollTo(0, panel.getBoundingClientRect().top + scrollY - document.querySelector('.transport').offsetHeight - 12)");
        await TakeAsync(page, "readme-derivation");
    }

    [Fact]
    public async Task The_bug_lab_on_a_phone()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=4", 390, 844);
        await page.Find("#lesson-end").ClickAsync();
        await page.UnfoldAsync("bugs");
        await page.Find("#bug").SelectOptionAsync("mean-forgotten");
        await Assertions.Expect(page.Find("#bugs tr.failed")).Not.ToHaveCountAsync(0);
        await page.Find("#bugs").EvaluateAsync("panel => scrollTo(0, panel.getBoundingClientRect().top + scrollY - document.querySelector('.transport').offsetHeight - 12)");
        await TakeAsync(page, "readme-bug-lab");
    }

    private static async Task TakeAsync(OpenPage page, string name)
    {
        await page.Page.EvaluateAsync("document.activeElement.blur()");
        await page.Page.Mouse.MoveAsync(2, 2);
        await page.Page.WaitForTimeoutAsync(300); // what is drawn after the numbers
        await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(page.Pictures, $"{name}.png") });
    }
}
