using ChainRule.Lessons.Text;

namespace ChainRule.Cli.Lessons;

/// <summary>The parts of the lesson; 1 to 6 are called by their number.</summary>
internal enum Section
{
    Activations = 1,
    Neuron,
    Network,
    Xor,
    GradientCheck,
    Chain,
    Summary,
}

/// <summary>What a section is called.</summary>
internal static class SectionName
{
    /// <summary>What the command line calls it: 1 to 6, or summary.</summary>
    public static string Key(this Section section) => section == Section.Summary ? "summary" : $"{(int)section}";

    /// <summary>Its title.</summary>
    public static string Title(this Section section, LessonText text) => section switch
    {
        Section.Activations => text.Activations.Title,
        Section.Neuron => text.Neuron.Title,
        Section.Network => text.Network.Title,
        Section.Xor => text.Xor.Title,
        Section.GradientCheck => text.GradientCheck.Title,
        Section.Chain => text.Chain.Title,
        _ => text.Summary.Title,
    };
}
