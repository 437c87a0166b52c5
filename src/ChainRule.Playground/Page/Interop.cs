using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;

namespace ChainRule.Playground.Page;

/// <summary>What the page asks of the browser. Numbers go over as memory that is read in place.</summary>
[SupportedOSPlatform("browser")]
internal static partial class Interop
{
    private const string Page = "page";
    private const string Picture = "picture";
    private const string Surface = "surface";

    /// <summary>Loads the scripts; once, before anything else.</summary>
    public static async Task LoadAsync()
    {
        await Task.WhenAll(JSHost.ImportAsync(Page, "../js/page.js"), JSHost.ImportAsync(Picture, "../js/picture.js"), JSHost.ImportAsync(Surface, "../js/surface.js")).ConfigureAwait(true);
        await ConnectAsync().ConfigureAwait(true);
    }

    /// <summary>Finds the methods that scripts call.</summary>
    [JSImport("connect", Page)]
    internal static partial Task ConnectAsync();

    /// <summary>Loads the library that reads CSV, which few readers need.</summary>
    [JSImport("loadCsvReader", Page)]
    internal static partial Task LoadCsvReaderAsync();

    /// <summary>Tells <see cref="Callbacks.Idle"/> when the browser has nothing to do.</summary>
    [JSImport("tellWhenIdle", Page)]
    internal static partial void TellWhenIdle();

    /// <summary>Asks for a frame, again and again, while the page is playing.</summary>
    [JSImport("play", Page)]
    internal static partial void Play(bool isPlaying);

    /// <summary>The part of the address behind #.</summary>
    [JSImport("readHash", Page)]
    internal static partial string ReadHash();

    /// <summary>Puts text behind the address's # without loading anything.</summary>
    [JSImport("writeHash", Page)]
    internal static partial void WriteHash(string hash);

    /// <summary>The address of this page with text behind #.</summary>
    [JSImport("address", Page)]
    internal static partial string Address(string hash);

    /// <summary>What the browser remembers under a name; empty for nothing.</summary>
    [JSImport("recall", Page)]
    internal static partial string Recall(string name);

    /// <summary>Has the browser remember something.</summary>
    [JSImport("remember", Page)]
    internal static partial void Remember(string name, string value);

    /// <summary>The language that the reader prefers, e.g. ko-KR.</summary>
    [JSImport("preferredLanguage", Page)]
    internal static partial string PreferredLanguage();

    /// <summary>Sets the page's language and its colours: light, dark, or auto.</summary>
    [JSImport("dress", Page)]
    internal static partial void Dress(string language, string title, string theme);

    /// <summary>Copies text.</summary>
    [JSImport("copy", Page)]
    internal static partial Task<bool> CopyAsync(string text);

    /// <summary>Saves a file.</summary>
    [JSImport("save", Page)]
    internal static partial void Save(string name, string type, [JSMarshalAs<JSType.MemoryView>] Span<byte> content);

    /// <summary>Puts the keyboard's focus on an element.</summary>
    [JSImport("focus", Page)]
    internal static partial void Focus(string id);

    /// <summary>Finds the edges, neurons and canvas of the picture that has been put on the page.</summary>
    [JSImport("bind", Picture)]
    internal static partial void BindPicture();

    /// <summary>Shows numbers on edges and neurons.</summary>
    [JSImport("show", Picture)]
    internal static partial void Show([JSMarshalAs<JSType.MemoryView>] Span<double> edges, [JSMarshalAs<JSType.MemoryView>] Span<double> neurons, double scale, bool withNumbers);

    /// <summary>Paints what each input and neuron gives over the plane.</summary>
    [JSImport("maps", Picture)]
    internal static partial void Maps([JSMarshalAs<JSType.MemoryView>] Span<double> maps, int size);

    /// <summary>Lights up edges and neurons by their keys, e.g. W1-0-3 or n1-3.</summary>
    [JSImport("light", Picture)]
    internal static partial void Light(string keys, string kind);

    /// <summary>Shows what flows between the neurons of a column and the one before it: forward above 0, backward below; 0 for nothing.</summary>
    [JSImport("flow", Picture)]
    internal static partial void Flow(int column, int direction);

    /// <summary>Saves the picture.</summary>
    [JSImport("save", Picture)]
    internal static partial Task SavePictureAsync(string name, bool asPng);

    /// <summary>Gives the surface its samples: x, y, class or value and whether it is held out, one after the other.</summary>
    [JSImport("samples", Surface)]
    internal static partial void Samples([JSMarshalAs<JSType.MemoryView>] Span<double> samples, [JSMarshalAs<JSType.MemoryView>] Span<double> ranges, int classes);

    /// <summary>Paints what the network answers over the plane.</summary>
    [JSImport("paint", Surface)]
    internal static partial void Paint([JSMarshalAs<JSType.MemoryView>] Span<double> answers, int size, int marked);

    /// <summary>Makes the surface one to draw on, or not.</summary>
    [JSImport("draw", Surface)]
    internal static partial void DrawOn(bool isDrawing);
}
