using System.Reflection;
using System.Runtime.CompilerServices;
using PublicApiGenerator;

namespace ChainRule.Docs.Tests;

/// <summary>
/// What users can call changes on purpose only: the public members of each package are those that <c>PublicApi/PACKAGE.txt</c> lists.
/// After a change that is meant, run the tests once with <c>CHAINRULE_WRITE_API=1</c>, and read the difference before it is committed.
/// </summary>
public class PublicApiTests
{
    public static TheoryData<string> Packages => ["ChainRule", "ChainRule.Mpi", "ChainRule.Onnx"];

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_public_members_are_those_of_the_list(string package)
    {
        string actual = Assembly.Load(package).GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("CHAINRULE_WRITE_API") == "1")
        {
            File.WriteAllText(Path.Combine(SourceFolder(), "PublicApi", $"{package}.txt"), actual);
            return;
        }

        string expected = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "PublicApi", $"{package}.txt")).ReplaceLineEndings("\n");
        string[] added = [.. actual.Split('\n').Except(expected.Split('\n'))];
        string[] removed = [.. expected.Split('\n').Except(actual.Split('\n'))];
        Assert.True(
            actual == expected,
            $"{package}: the public members are not those of PublicApi/{package}.txt. Added: {string.Join(" | ", added)}. Removed: {string.Join(" | ", removed)}. Where that is meant: CHAINRULE_WRITE_API=1 dotnet test --project tests/ChainRule.Docs.Tests");
    }

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
