using System.Reflection;
using System.Text.Json;

namespace ChainRule.Mutation;

/// <summary>A mutant that Stryker made.</summary>
/// <param name="Id">Its number.</param>
/// <param name="File">Where it is, below src/ChainRule.</param>
/// <param name="Line">The line.</param>
/// <param name="Change">What it makes of what.</param>
internal sealed record Mutant(int Id, string File, int Line, string Change)
{
    private static readonly Type control = typeof(Layer<>).Assembly.GetTypes().Single(type => type.Name == "MutantControl");
    private static readonly FieldInfo active = control.GetField("ActiveMutant")!;
    private static readonly FieldInfo capture = control.GetField("CaptureCoverage")!;

    /// <summary>The folder that counts it.</summary>
    public string Folder => Path.GetDirectoryName(File)!;

    /// <summary>Those of a report that compile and were asked for.</summary>
    public static Mutant[] Read(string report)
    {
        using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllBytes(report));
        var mutants = new List<Mutant>();
        foreach (JsonProperty file in document.RootElement.GetProperty("files").EnumerateObject())
        {
            string[] lines = file.Value.GetProperty("source").GetString()!.Split('\n');
            foreach (JsonElement mutant in file.Value.GetProperty("mutants").EnumerateArray().Where(mutant => mutant.GetProperty("status").GetString() is not ("Ignored" or "CompileError")))
            {
                JsonElement start = mutant.GetProperty("location").GetProperty("start");
                JsonElement end = mutant.GetProperty("location").GetProperty("end");
                (int line, int from) = (start.GetProperty("line").GetInt32(), start.GetProperty("column").GetInt32() - 1);
                string text = lines[line - 1];
                string original = end.GetProperty("line").GetInt32() == line ? text[from..(end.GetProperty("column").GetInt32() - 1)] : text[from..].TrimEnd() + " …";
                mutants.Add(new Mutant(
                    int.Parse(mutant.GetProperty("id").GetString()!, System.Globalization.CultureInfo.InvariantCulture),
                    file.Name[(file.Name.IndexOf("src/ChainRule/", StringComparison.Ordinal) + 14)..],
                    line,
                    $"{original} => {string.Join(' ', mutant.GetProperty("replacement").GetString()!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}"));
            }
        }

        return [.. mutants];
    }

    /// <summary>Makes one mutant the engine's code; −1 for none.</summary>
    public static void Activate(int id) => active.SetValue(null, id);

    /// <summary>The mutants that a test reaches.</summary>
    public static int[] ReachedBy(TestCase test)
    {
        control.GetMethod("InitCoverage")!.Invoke(null, null);
        capture.SetValue(null, true);
        test.Run();
        capture.SetValue(null, false);
        return [.. ((IList<int>[])control.GetMethod("GetCoverageData")!.Invoke(null, null)!).SelectMany(ids => ids).Distinct()];
    }
}
