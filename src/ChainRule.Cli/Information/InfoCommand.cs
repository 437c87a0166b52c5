using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using ChainRule.Cli.Output;
using Spectre.Console;

namespace ChainRule.Cli.Information;

/// <summary><c>chainrule info</c>: the version, and what the engine makes of this machine.</summary>
internal static class InfoCommand
{
    private const int ProductSize = 512;

    public static Command Create()
    {
        Option<bool> json = OptionFactory.Json();
        Option<bool> quiet = OptionFactory.Quiet();
        var command = new Command("info", "Show the version, what is used of the processor, and how fast it is: takes a second.") { json, quiet };
        command.SetAction(call => Run(CommandOutput.Open(call.GetValue(json), call.GetValue(quiet))));
        return command;
    }

    private static int Run(CommandOutput output)
    {
        int threads = Parallelism.Threads;
        var document = new InfoDocument
        {
            Version = typeof(Acceleration).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Runtime = $"{RuntimeInformation.FrameworkDescription}{(RuntimeFeature.IsDynamicCodeCompiled ? "" : ", native")}",
            System = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
            Features = Acceleration.Features,
            RegisterBits = Acceleration.RegisterBits,
            Threads = threads,
            Single = Speed.Measure<float>(threads),
            Double = Speed.Measure<double>(threads),
        };
        output.People.WriteLine($"chainrule   {document.Version}");
        output.People.WriteLine($"runtime     {document.Runtime}");
        output.People.WriteLine($"system      {document.System}");
        output.People.WriteLine($"processor   {string.Join(", ", document.Features)}");
        output.People.WriteLine($"kernels     {(document.RegisterBits > 64 ? $"{document.RegisterBits}-bit registers" : "one number at a time")}, {threads} {(threads == 1 ? "thread" : "threads")} for large products");
        output.People.WriteLine($"speed       of a product of two {ProductSize}×{ProductSize} matrices");
        output.People.WriteLine(Words("float32", document.Single, threads));
        output.People.WriteLine(Words("float64", document.Double, threads));
        output.WriteJson(document, InfoJsonContext.Default.InfoDocument);
        return ExitCode.Done;
    }

    private static string Words(string type, Speed speed, int threads) => string.Create(
        CultureInfo.InvariantCulture,
        $"{type}     {speed.Product:0} GFLOP/s, {speed.Product / speed.Peak:P0} of the peak of a core{(threads > 1 ? $"; {speed.ProductWithAllThreads:0} with {threads} threads" : "")}");

    /// <summary>10⁹ floating-point operations a second.</summary>
    /// <param name="Peak">Of multiplications and additions in registers, one thread.</param>
    /// <param name="Product">Of a matrix product, one thread.</param>
    /// <param name="ProductWithAllThreads">Of a matrix product, all threads.</param>
    internal sealed record Speed(double Peak, double Product, double ProductWithAllThreads)
    {
        public static Speed Measure<T>(int threads)
            where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
        {
            Acceleration.MeasureProduct<T>(ProductSize, threads); // warm
            return new Speed(Acceleration.MeasurePeak<T>(), Acceleration.MeasureProduct<T>(ProductSize, 1), Acceleration.MeasureProduct<T>(ProductSize, threads));
        }
    }
}

/// <summary>The JSON document of <c>chainrule info</c>.</summary>
internal sealed record InfoDocument
{
    public required string Version { get; init; }

    public required string Runtime { get; init; }

    public required string System { get; init; }

    public required IReadOnlyList<string> Features { get; init; }

    public required int RegisterBits { get; init; }

    public required int Threads { get; init; }

    /// <summary>In float32, GFLOP/s.</summary>
    public required InfoCommand.Speed Single { get; init; }

    /// <summary>In float64, GFLOP/s.</summary>
    public required InfoCommand.Speed Double { get; init; }
}

/// <summary>How the document is written: by code that the compiler made, so that NativeAOT can.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InfoDocument))]
internal sealed partial class InfoJsonContext : JsonSerializerContext;
