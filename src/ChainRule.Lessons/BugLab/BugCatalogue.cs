using ChainRule.Lessons.BugLab.Bugs;

namespace ChainRule.Lessons.BugLab;

/// <summary>All bugs of the lab.</summary>
public static class BugCatalogue
{
    /// <summary>The bugs, the way back from the loss.</summary>
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new MeanForgotten(),
        new DerivativeMissing(),
        new WeightGradientReshaped(),
        new BiasNotSummed(),
    ];

    /// <summary>The bug of a name; null where there is none.</summary>
    /// <param name="name">E.g. bias-not-summed.</param>
    public static PlantedBug? Find(string name) => All.FirstOrDefault(bug => bug.Name == name);
}
