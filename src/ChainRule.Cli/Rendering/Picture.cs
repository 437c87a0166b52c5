using System.Text;
using ChainRule.Serialization;
using ScottPlot;

namespace ChainRule.Cli.Rendering;

/// <summary>Pictures as files.</summary>
internal static class Picture
{
    /// <summary>Writes a plot as PNG, or as SVG where the name ends so; whole or not at all.</summary>
    public static void Write(string path, Plot plot, int width, int height)
    {
        byte[] content = path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase)
            ? Encoding.UTF8.GetBytes(plot.GetSvgXml(width, height))
            : plot.GetImageBytes(width, height, ImageFormat.Png);
        AtomicFile.Write(path, stream => stream.Write(content));
    }
}
