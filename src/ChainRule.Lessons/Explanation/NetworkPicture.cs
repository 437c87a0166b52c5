using System.Globalization;
using System.Text;
using ChainRule.Explanation;
using static ChainRule.Lessons.Explanation.ElementNames;
using static ChainRule.Lessons.Explanation.PictureLayout;

namespace ChainRule.Lessons.Explanation;

/// <summary>
/// The network as a picture in SVG: a card for each unit with its values, its bias and their gradients, an edge for each
/// weight. For a derivation the named paths stand out and the weight is marked.
/// </summary>
/// <remarks>
/// Width says the size, colour the sign; a negative edge is dashed too. Elements have the ids of <see cref="ElementNames"/>,
/// so that a page can light up what a factor belongs to.
/// </remarks>
public static class NetworkPicture
{
    private const double ThinnestEdge = 0.8;
    private const double EdgeRange = 5.2;
    private const int MostLabels = 24;
    private const int MostOfFormula = 30;
    private const double LetterWidth = 6.2;
    private const double PlateHeight = 16;

    // Where along an edge its label may stand, where its usual place is taken.
    private static readonly double[] labelPlaces = [0.5, 0.83, 0.17, 0.67, 0.33];

    /// <summary>Draws the picture.</summary>
    /// <param name="view">What is explained.</param>
    /// <param name="options">How it is drawn.</param>
    public static string Render(ExplanationView view, PictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        return new Drawing(view, options ?? new PictureOptions()).Draw();
    }

    private sealed class Drawing
    {
        private readonly ExplanationView view;
        private readonly PictureOptions options;
        private readonly NetworkPass pass;
        private readonly HashSet<string> lit = [];
        private readonly string? target;
        private readonly PictureLayout layout;
        private readonly StringBuilder svg = new();
        private readonly List<(double X, double Y, double Width)> plates = [];

        public Drawing(ExplanationView view, PictureOptions options)
        {
            (this.view, this.options, pass) = (view, options, view.Pass);
            var wanted = new HashSet<(int, int)>();
            if (view.Derivation is { } derivation)
            {
                foreach (Factor factor in derivation.Paths.SelectMany(path => path.Factors))
                {
                    lit.UnionWith(Of(factor, pass));
                    foreach (UnitReference unit in new[] { factor.Upper, factor.Lower }.OfType<UnitReference>())
                    {
                        wanted.Add((unit.Level, unit.Unit));
                    }
                }

                target = TargetId(derivation.Target);
                if (derivation.Target is { Level: > 0, Indices: [var input, _] } && target!.StartsWith("weight", StringComparison.Ordinal))
                {
                    wanted.Add((derivation.Target.Level - 1, input));
                }
            }

            layout = new PictureLayout(pass, wanted, options.MaximumUnits);
        }

        public string Draw()
        {
            string id = $"{options.Prefix}picture";
            svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {layout.Width:0.#} {layout.Height:0.#}\" width=\"{layout.Width:0.#}\" height=\"{layout.Height:0.#}\" role=\"img\" aria-labelledby=\"{id}-title {id}-description\" class=\"network-picture\">\n");
            svg.Append(CultureInfo.InvariantCulture, $"<title id=\"{id}-title\">{Escape(view.Title)}</title>\n<desc id=\"{id}-description\">{Escape(Description())}</desc>\n");
            svg.Append(PictureStyle.Css(options.Theme));
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"ground\" width=\"{layout.Width:0.#}\" height=\"{layout.Height:0.#}\"/>\n");
            DrawHeaders();
            var labels = new StringBuilder();
            for (int i = 1; i < layout.Columns.Count; i++)
            {
                DrawEdges(layout.Columns[i - 1], layout.Columns[i], labels);
            }

            DrawJudgements(labels);
            for (int i = 0; i < layout.Columns.Count; i++)
            {
                DrawCards(layout.Columns[i]);
            }

            DrawLoss();
            svg.Append(labels);
            DrawLegend();
            return svg.Append("</svg>\n").ToString();
        }

        private string Description() => view.Derivation is { } derivation
            ? $"{view.Subtitle}. dL/d{derivation.Target.Symbol} = {Formula.Format(derivation.Gradient)}"
            : $"{view.Subtitle}. L = {Formula.Format(pass.Loss)}";

        private void DrawHeaders()
        {
            foreach (PictureColumn column in layout.Columns)
            {
                string title = column.Levels[0] == 0 ? view.Text.Input : pass.Level(column.Levels[0]).Name;
                string kinds = string.Join(" · ", column.Levels.Select(level => level > 0 ? pass.Level(level).Description : view.Samples));
                Header(column.X, title, kinds);
            }

            Header(layout.LossX, view.Text.Loss, pass.LossName);
        }

        private void Header(double x, string title, string kinds)
        {
            Text(svg, x, Margin + 12, "title", "start", title);
            int room = (int)((layout.CardWidth + ColumnGap) / LetterWidth) - 2;
            Text(svg, x, Margin + 28, "faint small", "start", kinds.Length > room ? $"{kinds[..room]}…" : kinds);
        }

        private void DrawEdges(PictureColumn from, PictureColumn to, StringBuilder labels)
        {
            int level = to.Levels[0];
            LayerPass layer = pass.Level(level);
            if (layer.Connection != Connection.Linear)
            {
                for (int j = 0; j < to.Units.Length; j++)
                {
                    for (int i = 0; i < from.Units.Length; i++)
                    {
                        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"other\" d=\"{Curve(from, i, to, j)}\"/>\n");
                    }
                }

                return;
            }

            ParameterPass weight = layer.Parameters[0];
            IReadOnlyList<double> numbers = options.Edges == EdgeNumber.Weight ? weight.Values : weight.Gradients;
            double largest = numbers.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();

            bool few = from.Units.Length * to.Units.Length <= MostLabels && Math.Min(from.Units.Length, to.Units.Length) <= 2;
            var places = new List<(int From, int To, bool IsTarget)>();
            for (int j = 0; j < to.Units.Length; j++)
            {
                for (int i = 0; i < from.Units.Length; i++)
                {
                    int entry = (from.Units[i] * layer.Units) + to.Units[j];
                    double number = numbers[entry];
                    string id = Weight(level, from.Units[i], to.Units[j]);
                    string symbol = (weight.Symbol with { Indices = [from.Units[i], to.Units[j]] }).ToString();
                    string curve = Curve(from, i, to, j);
                    if (id == target)
                    {
                        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"mark\" d=\"{curve}\"/>\n");
                    }

                    svg.Append(CultureInfo.InvariantCulture, $"<path id=\"{options.Prefix}{id}\" class=\"edge {Sign(number)}{Light(id)}\" stroke-width=\"{Width(number, largest):0.##}\" d=\"{curve}\"><title>{symbol} = {weight.Values[entry]:R}, dL/d{symbol} = {weight.Gradients[entry]:R}</title></path>\n");
                    if (id == target || (view.Derivation is null ? few : lit.Contains(id)))
                    {
                        places.Add((i, j, id == target));
                    }
                }
            }

            foreach ((int From, int To, bool IsTarget) place in places.OrderByDescending(place => place.IsTarget))
            {
                LabelEdge(labels, from, to, place, numbers);
            }
        }

        /// <summary>Writes a number on an edge: of the weight that is explained everything.</summary>
        private void LabelEdge(StringBuilder labels, PictureColumn from, PictureColumn to, (int From, int To, bool IsTarget) edge, IReadOnlyList<double> numbers)
        {
            LayerPass layer = pass.Level(to.Levels[0]);
            ParameterPass weight = layer.Parameters[0];
            int entry = (from.Units[edge.From] * layer.Units) + to.Units[edge.To];
            (double X, double Y) At(double share) => (from.X + layout.CardWidth + (ColumnGap * share), Along(from.Middle(edge.From), to.Middle(edge.To), share));
            if (edge.IsTarget)
            {
                (double x, double y) = At(0.5);
                Label(labels, x, y - 8, "strong", $"{weight.Symbol with { Indices = [from.Units[edge.From], to.Units[edge.To]] }} = {Short(weight.Values[entry])}");
                Label(labels, x, y + 9, "strong", $"∂ {Short(weight.Gradients[entry])}");
                return;
            }

            // Near the end where there are more cards, and so more room; those of two edges that end together, apart.
            double usual = from.Units.Length > to.Units.Length ? (edge.To % 2 == 0 ? 0.17 : 0.5) : edge.From % 2 == 0 && from.Units.Length > 1 ? 0.5 : 0.83;
            string words = Short(numbers[entry]);
            (double placeX, double placeY) = FreePlace(usual, words, At);
            Label(labels, placeX, placeY, Sign(numbers[entry]), words);
        }

        private void DrawJudgements(StringBuilder labels)
        {
            PictureColumn column = layout.Columns[^1];
            int level = column.Levels[^1];
            double[] gradients = [.. column.Units.Select(unit => pass.Level(level).TotalGradient(unit))];
            double largest = gradients.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
            for (int i = 0; i < column.Units.Length; i++)
            {
                string id = Judgement(column.Units[i]);
                double y = column.Middle(i);
                double end = layout.LossY + (layout.LossHeight / 2);
                string curve = Curve(column.X + layout.CardWidth, y, layout.LossX, end);
                svg.Append(CultureInfo.InvariantCulture, $"<path id=\"{options.Prefix}{id}\" class=\"edge {Sign(gradients[i])}{Light(id)}\" stroke-width=\"{Width(gradients[i], largest):0.##}\" d=\"{curve}\"/>\n");
                if (view.Derivation is null ? column.Units.Length <= MostLabels / 2 : lit.Contains(id))
                {
                    Label(labels, column.X + layout.CardWidth + (ColumnGap * 0.3), Along(y, end, 0.3), Sign(gradients[i]), $"∂ {Short(gradients[i])}");
                }
            }
        }

        private void DrawCards(PictureColumn column)
        {
            for (int place = 0; place < column.Units.Length; place++)
            {
                int unit = column.Units[place];
                double top = column.Top(place);
                bool isLit = column.Levels.Any(level => lit.Contains(Unit(level, unit)));
                svg.Append(CultureInfo.InvariantCulture, $"<g class=\"unit{(view.Derivation is null || isLit ? "" : " dim")}\">\n<rect class=\"card\" x=\"{column.X:0.#}\" y=\"{top:0.#}\" width=\"{layout.CardWidth}\" height=\"{column.CardHeight:0.#}\" rx=\"9\"/>\n");
                double y = top + Padding;
                if (column.HasBias)
                {
                    ParameterPass bias = pass.Level(column.Levels[0]).Parameters[1];
                    Line(column.X, y, Bias(column.Levels[0], unit), (bias.Symbol with { Indices = [unit] }).ToString(), bias.Values[unit], bias.Gradients[unit], Largest(bias.Values), "faint");
                    y += LineHeight;
                }

                foreach (int level in column.Levels)
                {
                    LayerPass here = pass.Level(level);
                    Line(column.X, y, Unit(level, unit), here.UnitSymbol(unit).ToString(), here.MeanValue(unit), pass.HasGradient(level) ? here.TotalGradient(unit) : null, Largest(here.Values), "ink");
                    y += LineHeight;
                }

                svg.Append("</g>\n");
            }

            if (column.Hidden > 0)
            {
                Text(svg, column.X + (layout.CardWidth / 2), column.Top(column.Units.Length) + 6, "faint", "middle", ExplanationView.Format(view.Text.More, column.Hidden));
            }
        }

        /// <summary>One quantity of a card: its symbol, its value on a ground that says its size, its gradient.</summary>
        private void Line(double x, double y, string id, string symbol, double value, double? gradient, double largest, string ink)
        {
            double strength = largest > 0 && double.IsFinite(value) ? Math.Min(1, Math.Abs(value) / largest) : 0;
            svg.Append(CultureInfo.InvariantCulture, $"<g id=\"{options.Prefix}{id}\" class=\"quantity{Light(id)}\">");
            if (id == target)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"marked\" x=\"{x + 3:0.#}\" y=\"{y:0.#}\" width=\"{layout.CardWidth - 6}\" height=\"{LineHeight}\" rx=\"5\"/>");
            }

            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"heat {Sign(value)}\" fill-opacity=\"{strength * 0.35:0.###}\" x=\"{x + ValueEnd - HeatWidth + 4:0.#}\" y=\"{y + 1.5:0.#}\" width=\"{HeatWidth}\" height=\"{LineHeight - 3}\" rx=\"4\"/>");
            Text(svg, x + Padding + 2, y + 13, ink, "start", symbol);
            Text(svg, x + ValueEnd, y + 13, $"{ink} number", "end", Short(value));
            if (gradient is { } slope)
            {
                Text(svg, x + layout.CardWidth - Padding - 2, y + 13, $"number {Sign(slope)}", "end", $"∂ {Short(slope)}");
            }

            svg.Append("</g>\n");
        }

        private void DrawLoss()
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g id=\"{options.Prefix}{Loss}\" class=\"unit{Light(Loss)}\">\n<rect class=\"card\" x=\"{layout.LossX:0.#}\" y=\"{layout.LossY:0.#}\" width=\"{layout.CardWidth}\" height=\"{layout.LossHeight:0.#}\" rx=\"9\"/>\n");
            Text(svg, layout.LossX + Padding + 2, layout.LossY + Padding + 13, "ink strong", "start", $"L = {Formula.Format(pass.Loss)}");
            IReadOnlyList<double> targets = view.Targets;
            string y = pass.Samples > 1 ? $"= {pass.LossFormula}"
                : targets.Count <= 3 ? $"y = {string.Join(", ", targets.Select(Formula.Format))}"
                : view.TargetsAreClasses && pass.Targets.Count == 1 ? $"y: {ExplanationView.Format(view.Text.ClassOf, pass.Targets[0])}"
                : $"y = {string.Join(", ", targets.Take(3).Select(Formula.Format))}, …";
            Text(svg, layout.LossX + Padding + 2, layout.LossY + Padding + 31, "faint", "start", y.Length > MostOfFormula ? "" : y);
            svg.Append("</g>\n");
        }

        private void DrawLegend()
        {
            double y = layout.Height - Margin;
            double x = Margin;
            void Sample(string sign, string words)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<path class=\"edge {sign}\" stroke-width=\"3\" d=\"M{x:0.#} {y - 4:0.#}h34\"/>\n");
                Text(svg, x + 42, y, "faint small", "start", words);
                x += 60 + (TextColumns.Width(words) * 7);
            }

            Sample("positive", view.Text.Positive);
            Sample("negative", view.Text.Negative);
            string more = $"{(options.Edges == EdgeNumber.Weight ? view.Text.WidthOfWeight : view.Text.WidthOfGradient)}   ·   {view.Text.GradientSign}{(pass.Samples > 1 ? $"   ·   {view.Text.BatchUnits}" : "")}";
            Text(svg, x, y, "faint small", "start", more);
        }

        private string? TargetId(Target of) => of.Level == 0
            ? Unit(0, pass.Input.Shape.Count == of.Indices.Count - 1 ? of.Indices.Skip(1).Zip(pass.Input.Shape).Aggregate(0, (place, pair) => (place * pair.Second) + pair.First) : 0)
            : pass.Level(of.Level).Connection != Connection.Linear ? null
            : of.Indices is [var input, var output] ? Weight(of.Level, input, output) : Bias(of.Level, of.Indices[0]);

        /// <summary>Where the values of a card end.</summary>
        private double ValueEnd => layout.CardWidth - GradientWidth;

        private string Light(string id) => view.Derivation is null ? "" : lit.Contains(id) || id == target ? " lit" : " dim";

        private static double Largest(IReadOnlyList<double> values) => values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();

        private static double Width(double number, double largest) => ThinnestEdge + (largest > 0 && double.IsFinite(number) ? EdgeRange * Math.Abs(number) / largest : 0);

        private static string Sign(double number) => number < 0 ? "negative" : number > 0 ? "positive" : "zero";

        private string Curve(PictureColumn from, int i, PictureColumn to, int j) => Curve(from.X + layout.CardWidth, from.Middle(i), to.X, to.Middle(j));

        private static string Curve(double x, double y, double toX, double toY)
        {
            double half = (x + toX) / 2;
            return string.Create(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}C{half:0.#} {y:0.#} {half:0.#} {toY:0.#} {toX:0.#} {toY:0.#}");
        }

        /// <summary>The height of such a curve where it has gone a share of its way across.</summary>
        private static double Along(double y, double toY, double share)
        {
            // x(t) = 1.5t − 1.5t² + t³ of the way for control points in the middle; t follows by bisection.
            double low = 0, high = 1;
            for (int i = 0; i < 30; i++)
            {
                double t = (low + high) / 2;
                (low, high) = (1.5 * t) - (1.5 * t * t) + (t * t * t) < share ? (t, high) : (low, t);
            }

            return y + ((toY - y) * low * low * (3 - (2 * low)));
        }

        /// <summary>The first place along an edge whose label covers no other; the usual one where there is none.</summary>
        private (double X, double Y) FreePlace(double usual, string words, Func<double, (double X, double Y)> at)
        {
            foreach (double share in labelPlaces.Prepend(usual))
            {
                (double x, double y) = at(share);
                if (plates.TrueForAll(plate => Math.Abs(plate.Y - y) > PlateHeight || Math.Abs(plate.X - x) > (plate.Width + PlateWidth(words)) / 2))
                {
                    return (x, y);
                }
            }

            return at(usual);
        }

        private static double PlateWidth(string words) => (words.Length * 6.4) + 6;

        /// <summary>A number on an edge, on a plate that covers the edge.</summary>
        private void Label(StringBuilder into, double x, double y, string classes, string words)
        {
            double width = PlateWidth(words);
            plates.Add((x, y, width));
            into.Append(CultureInfo.InvariantCulture, $"<rect class=\"plate\" x=\"{x - (width / 2):0.#}\" y=\"{y - 8:0.#}\" width=\"{width:0.#}\" height=\"{PlateHeight}\" rx=\"4\"/>");
            Text(into, x, y + 4, $"label number {classes}", "middle", words);
        }

        /// <summary>A number that fits into a card.</summary>
        private static string Short(double value)
        {
            string text = Formula.Format(value);
            return text.Contains('e', StringComparison.Ordinal) ? value.ToString("0.0e-0", CultureInfo.InvariantCulture).Replace('-', '−') : text;
        }

        private static void Text(StringBuilder into, double x, double y, string classes, string anchor, string words) =>
            into.Append(CultureInfo.InvariantCulture, $"<text class=\"{classes}\" x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{Escape(words)}</text>\n");

        private static string Escape(string text) => MathMlFormula.Escape(text);
    }
}
