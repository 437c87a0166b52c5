using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainRule.Cli.Output;

/// <summary>Writes a value of an enumeration by its name: pass, kink, fail.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
internal sealed class CamelCaseEnumJsonConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
