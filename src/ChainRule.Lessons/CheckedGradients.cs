using ChainRule.Verification;

namespace ChainRule.Lessons;

/// <summary>Section 5: the hand-written gradients against central differences.</summary>
/// <param name="Seed">Where the network's weights were drawn from.</param>
/// <param name="Hidden">Its number of hidden units.</param>
/// <param name="Report">A row for each of W1, b1, W2 and b2.</param>
/// <param name="Kink">The entry to explain a kink with; null where none was met.</param>
public sealed record CheckedGradients(uint Seed, int Hidden, GradientCheckReport Report, KinkExample? Kink);

/// <summary>An entry of b1 that puts a ReLU exactly on its corner, where the loss has two slopes.</summary>
/// <param name="Unit">The hidden unit.</param>
/// <param name="Analytic">What backpropagation says.</param>
/// <param name="Numeric">The central difference.</param>
/// <param name="Left">The slope below.</param>
/// <param name="Right">The slope above.</param>
public sealed record KinkExample(int Unit, double Analytic, double Numeric, double Left, double Right);
