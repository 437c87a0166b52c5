using System.Text.Json.Serialization;

namespace ChainRule.Cli.Exporting;

/// <summary>The JSON document of <c>chainrule export</c> and <c>chainrule import</c>.</summary>
/// <param name="Output">The file that was written.</param>
/// <param name="Files">All files that were written: a large program has its weights in a second one.</param>
/// <param name="Format">Its format.</param>
/// <param name="ParameterCount">The numbers in it that training changes.</param>
internal sealed record ExportDocument(string Output, IReadOnlyList<string> Files, string Format, long ParameterCount);

/// <summary>How the document is written: by code that the compiler made, so that NativeAOT can.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExportDocument))]
internal sealed partial class ExportJsonContext : JsonSerializerContext;
