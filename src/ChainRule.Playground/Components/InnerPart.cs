namespace ChainRule.Playground.Components;

/// <summary>A part inside another one: what it shows comes with its parameters, and it is rendered when the part around it is.</summary>
public abstract class InnerPart : PagePart
{
    /// <inheritdoc/>
    protected sealed override void Refresh()
    {
        // Rendered by itself it might show what has been replaced already.
    }
}
