using System.Text;

namespace ChainRule.Lessons.Explanation;

/// <summary>The style sheet of a picture. Colours are written out rule by rule: not every program that shows SVG knows CSS variables.</summary>
internal static class PictureStyle
{
    /// <summary>The style element for a theme.</summary>
    public static string Css(PictureTheme theme)
    {
        var css = new StringBuilder("<style>\n");
        css.Append(".network-picture text{font:12px system-ui,'Segoe UI','Noto Sans','NanumGothic',sans-serif}\n");
        css.Append(".network-picture .title{font-size:14px;font-weight:600}.network-picture .small{font-size:11px}.network-picture .strong{font-weight:700}.network-picture .number{font-variant-numeric:tabular-nums}\n");
        css.Append(".network-picture .edge{fill:none;stroke-linecap:butt;opacity:.8}.network-picture .edge.negative{stroke-dasharray:7 4}.network-picture .other{fill:none;stroke-width:.8;opacity:.6}\n");
        css.Append(".network-picture .edge.dim{opacity:.16}.network-picture .edge.lit{opacity:1}.network-picture .unit.dim{opacity:.45}\n");
        css.Append(".network-picture .label{font-size:11px}.network-picture .plate{fill-opacity:.88}.network-picture .mark{fill:none;stroke-width:15px;opacity:.35;stroke-linecap:round}.network-picture .marked{fill-opacity:.25}.network-picture .card{stroke-width:1}\n");
        if (theme == PictureTheme.Automatic)
        {
            css.Append(Colours(PictureColours.Light)).Append("@media (prefers-color-scheme:dark){\n").Append(Colours(PictureColours.Dark)).Append("}\n");
        }
        else
        {
            css.Append(Colours(theme == PictureTheme.Dark ? PictureColours.Dark : PictureColours.Light));
        }

        return css.Append("</style>\n").ToString();
    }

    private static string Colours(PicturePalette palette) => string.Join('\n',
        $".network-picture .ground,.network-picture .plate{{fill:{palette.Ground}}}",
        $".network-picture .card{{fill:{palette.Card};stroke:{palette.Line}}}",
        $".network-picture text{{fill:{palette.Ink}}}.network-picture .faint{{fill:{palette.Faint}}}",
        $".network-picture .edge.positive{{stroke:{palette.Positive}}}.network-picture .edge.negative{{stroke:{palette.Negative}}}.network-picture .edge.zero,.network-picture .other{{stroke:{palette.Line}}}",
        $".network-picture .heat.positive{{fill:{palette.Positive}}}.network-picture .heat.negative{{fill:{palette.Negative}}}.network-picture .heat.zero{{fill:none}}",
        $".network-picture text.positive{{fill:{palette.Positive}}}.network-picture text.negative{{fill:{palette.Negative}}}.network-picture text.zero{{fill:{palette.Faint}}}",
        $".network-picture .mark{{stroke:{palette.Mark}}}.network-picture .marked{{fill:{palette.Mark}}}",
        "");
}
