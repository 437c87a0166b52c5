using System.Reflection;
using System.Runtime.Loader;
using ChainRule.CodeExport;
using ChainRule.Training;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace ChainRule.Tests.CodeExport;

/// <summary>The programs that we write in C# compile without a warning and compute what the model computes, bit for bit: it is the same engine.</summary>
public sealed class CSharpProgramTests : IDisposable
{
    private static readonly MetadataReference[] references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private readonly AssemblyLoadContext context = new("programs", isCollectible: true);

    public static TheoryData<string> Cases => [.. ExportCase.Names];

    public void Dispose() => context.Unload();

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_program_makes_a_model_with_the_same_outputs(string name)
    {
        ExportCase test = ExportCase.Create(name);
        TrainedModel<float> model = Create(ProgramFile.Text(test.Model, ProgramLanguage.CSharp));
        Assert.Equal(test.Output, model.Predict(test.Input));
        Assert.Equal(test.Model.Network.ToString(), model.Network.ToString());
        Assert.Equal(test.Model.Objective, model.Objective);
        Assert.Equal(test.Model.ClassNames, model.ClassNames);
        Assert.Equal(test.Model.FeatureNames, model.FeatureNames);
    }

    [Fact]
    public void A_large_network_reads_its_weights_from_a_file_beside_the_program()
    {
        string folder = Directory.CreateTempSubdirectory("program-").FullName;
        try
        {
            ExportCase large = PyTorchProgramTests.Programs.Large;
            IReadOnlyList<string> files = ProgramFile.Write(Path.Combine(folder, "large.cs"), large.Model, ProgramLanguage.CSharp);
            Assert.Equal([Path.Combine(folder, "large.cs"), Path.Combine(folder, "large.weights.safetensors")], files);

            // What dotnet run FILE sets.
            AppContext.SetData("EntryPointFileDirectoryPath", folder);
            Assert.Equal(large.Output, Create(File.ReadAllText(files[0])).Predict(large.Input));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private TrainedModel<float> Create(string program)
    {
        CSharpParseOptions options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview).WithFeatures([new("FileBasedProgram", "true")]);
        SyntaxTree[] sources =
        [
            CSharpSyntaxTree.ParseText(program, options),
            CSharpSyntaxTree.ParseText("global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;", options),
        ];
        var compilation = CSharpCompilation.Create($"program{Guid.NewGuid():N}", sources, references, new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        Assert.Empty(compilation.Emit(assembly, cancellationToken: TestContext.Current.CancellationToken).Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        assembly.Position = 0;
        MethodInfo create = context.LoadFromStream(assembly).GetType("ExportedModel")!.GetMethod("Create")!;
        return (TrainedModel<float>)create.Invoke(null, [])!;
    }
}
