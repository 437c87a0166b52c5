namespace ChainRule.Playground.Text;

/// <summary>Taking it along.</summary>
public sealed record TakeText
{
    /// <summary>Heads the panel.</summary>
    public required string Title { get; init; }

    /// <summary>Copies the link.</summary>
    public required string CopyLink { get; init; }

    /// <summary>What the link does.</summary>
    public required string LinkNote { get; init; }

    /// <summary>Something was copied.</summary>
    public required string Copied { get; init; }

    /// <summary>It could not be copied.</summary>
    public required string CopyFailed { get; init; }

    /// <summary>Heads the files.</summary>
    public required string Model { get; init; }

    /// <summary>Saves as safetensors.</summary>
    public required string SafeTensors { get; init; }

    /// <summary>Saves as npz.</summary>
    public required string Npz { get; init; }

    /// <summary>Heads the pictures.</summary>
    public required string Picture { get; init; }

    /// <summary>Saves as SVG.</summary>
    public required string Svg { get; init; }

    /// <summary>Saves as PNG.</summary>
    public required string Png { get; init; }

    /// <summary>Heads the code.</summary>
    public required string Code { get; init; }

    /// <summary>As C#.</summary>
    public required string CSharp { get; init; }

    /// <summary>As PyTorch.</summary>
    public required string PyTorchCode { get; init; }

    /// <summary>Copies the code.</summary>
    public required string CopyCode { get; init; }
}
