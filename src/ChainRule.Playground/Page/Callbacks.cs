using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;

namespace ChainRule.Playground.Page;

/// <summary>What scripts tell the page.</summary>
[SupportedOSPlatform("browser")]
internal static partial class Callbacks
{
    /// <summary>The page; set when it has loaded.</summary>
    public static PageModel? Model { get; set; }

    /// <summary>It is time for the next frame.</summary>
    /// <param name="now">Milliseconds since the page was opened.</param>
    /// <returns>Whether another one is wanted.</returns>
    [JSExport]
    internal static bool Frame(double now) => Model?.Frame(now) ?? false;

    /// <summary>Somebody chose an edge, a bias or a neuron.</summary>
    [JSExport]
    internal static void Select(int layer, int input, int unit, bool isNeuron) => Model?.Select(isNeuron ? new Selection(layer, unit) : new Selection(new Session.Entry(layer, input, unit)));

    /// <summary>Somebody points at a chart, or no longer does (below 0).</summary>
    [JSExport]
    internal static void Point(string chart, double share) => Model?.Point(chart, share);

    /// <summary>The address's part behind # has changed.</summary>
    [JSExport]
    internal static void HashChanged(string hash) => Model?.Open(hash);

    /// <summary>Somebody drew a point.</summary>
    [JSExport]
    internal static void Draw(double x1, double x2, int kind) => Model?.DrawPoint(x1, x2, kind);

    /// <summary>The browser has nothing to do.</summary>
    /// <returns>Whether to tell again.</returns>
    [JSExport]
    internal static bool Idle() => Model?.WarmUp() ?? false;

    /// <summary>A file was dropped on the page or chosen.</summary>
    [JSExport]
    internal static Task Dropped(string name, string content) => Model?.UseCsvAsync(content, name) ?? Task.CompletedTask;

    /// <summary>A key that belongs to the whole page was pressed.</summary>
    [JSExport]
    internal static void Key(string key) => Model?.Key(key);

    /// <summary>Trains without drawing, for measurements.</summary>
    /// <returns>Steps a second.</returns>
    [JSExport]
    internal static double Measure(double milliseconds) => Model?.Measure(milliseconds) ?? 0;

    /// <summary>The numbers of the run as JSON, for tests.</summary>
    [JSExport]
    internal static string State() => Model is { } model ? PageState.ToJson(model) : "";
}
