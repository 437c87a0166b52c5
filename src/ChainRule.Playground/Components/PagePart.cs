using ChainRule.Playground.Page;
using ChainRule.Playground.Text;
using Microsoft.AspNetCore.Components;

namespace ChainRule.Playground.Components;

/// <summary>A part of the page: it is rendered anew when anything may look different, and where it wants to as the run moves on.</summary>
public abstract class PagePart : ComponentBase, IDisposable
{
    private long lastTick;

    /// <summary>The page.</summary>
    [Inject]
    public PageModel Model { get; set; } = null!;

    /// <summary>The page's texts.</summary>
    protected PageText Text => Model.Text;

    /// <summary>Whether the part shows what is inspected.</summary>
    protected virtual bool ShowsChoice => false;

    /// <summary>How many milliseconds lie between two renderings while the run moves on; null for none.</summary>
    protected virtual int? TickPeriod => null;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Model.Changed += Refresh;
        if (ShowsChoice)
        {
            Model.Chosen += Refresh;
        }

        if (TickPeriod is not null)
        {
            Model.Ticked += Tick;
        }
    }

    /// <summary>Renders the part anew.</summary>
    protected virtual void Refresh() => StateHasChanged();

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Changed -= Refresh;
        Model.Chosen -= Refresh;
        Model.Ticked -= Tick;
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what a part holds besides.</summary>
    /// <param name="disposing">Whether it was asked for.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    private void Tick()
    {
        long now = Environment.TickCount64;
        if (!Model.Playback.IsPlaying || now - lastTick >= TickPeriod)
        {
            lastTick = now;
            StateHasChanged();
        }
    }
}
