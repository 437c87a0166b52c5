namespace ChainRule.Playground.Text;

/// <summary>The answers over the plane.</summary>
public sealed record SurfaceText
{
    /// <summary>Heads the panel.</summary>
    public required string Title { get; init; }

    /// <summary>Describes the canvas: classes {0}.</summary>
    public required string Alt { get; init; }

    /// <summary>Heads the accuracy.</summary>
    public required string Accuracy { get; init; }

    /// <summary>The training samples.</summary>
    public required string Train { get; init; }

    /// <summary>The held-out samples.</summary>
    public required string Test { get; init; }

    /// <summary>The class {0}.</summary>
    public required string Class { get; init; }

    /// <summary>What a hollow mark is.</summary>
    public required string HeldOut { get; init; }

    /// <summary>What a ring is.</summary>
    public required string InBatch { get; init; }

    /// <summary>The plane is a cut.</summary>
    public required string ZeroElsewhere { get; init; }

    /// <summary>Heads the table of answers.</summary>
    public required string Predictions { get; init; }

    /// <summary>Heads the targets.</summary>
    public required string Target { get; init; }

    /// <summary>Heads the predictions.</summary>
    public required string Prediction { get; init; }
}
