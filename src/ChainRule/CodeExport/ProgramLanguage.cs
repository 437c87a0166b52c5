namespace ChainRule.CodeExport;

/// <summary>The languages that a network can be written in as a program.</summary>
public enum ProgramLanguage
{
    /// <summary>Python with PyTorch; see <see cref="PyTorchProgram"/>.</summary>
    PyTorch,

    /// <summary>C# with this library; see <see cref="CSharpProgram"/>.</summary>
    CSharp,
}
