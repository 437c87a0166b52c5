namespace ChainRule.Lessons.BugLab;

/// <summary>A copy of a network and its loss, with a mistake in the backward pass of one of them.</summary>
/// <param name="Network">The copy; it shares the values of the original's parameters.</param>
/// <param name="Loss">The loss to use with it: the original where the mistake is in the network.</param>
/// <param name="Place">Where the mistake is: what the network calls that layer, or what the loss is.</param>
public sealed record PlantedNetwork(Sequential<double> Network, Loss<double> Loss, string Place);
