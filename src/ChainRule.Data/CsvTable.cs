using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text;
using ChainRule.Training;
using Sylvan.Data.Csv;

namespace ChainRule.Data;

/// <summary>
/// A CSV file: numbers, and one column that may hold texts, the label. The separator (comma, semicolon, tab) is found out;
/// numbers have a point for decimals; empty lines are skipped.
/// </summary>
public sealed class CsvTable
{
    private const int MostWholeNumberClasses = 20;

    private readonly List<string[]> rows = [];
    private readonly List<int> lines = [];

    private CsvTable(string name) => Name = name;

    /// <summary>The file.</summary>
    public string Name { get; }

    /// <summary>The name of each column; empty where the file has no header.</summary>
    public IReadOnlyList<string> Header { get; private set; } = [];

    /// <summary>The number of columns.</summary>
    public int Columns { get; private set; }

    /// <summary>The number of rows below the header.</summary>
    public int Rows => rows.Count;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hasHeader">Whether the first row names the columns; null finds out: it does where it has a text above a number, or texts only.</param>
    /// <exception cref="InvalidDataException">The file is empty, is not in UTF-8, or its rows differ in length; the message names file and line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CsvTable Read(string path, bool? hasHeader = null)
    {
        // Bytes that are no UTF-8 are refused: silently, two labels could become one.
        using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        return Read(reader, path, hasHeader);
    }

    /// <summary>Reads text.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="hasHeader">As for a file.</param>
    /// <exception cref="InvalidDataException">The text is empty, or its rows differ in length.</exception>
    public static CsvTable Read(TextReader reader, string name, bool? hasHeader = null)
    {
        var table = new CsvTable(name);
        try
        {
            using CsvDataReader csv = CsvDataReader.Create(reader, new CsvDataReaderOptions { HasHeaders = false });
            while (csv.Read())
            {
                string[] row = [.. Enumerable.Range(0, csv.RowFieldCount).Select(column => csv.GetString(column).Trim())];
                if (row is [""] or [])
                {
                    continue;
                }

                if (table.rows.Count > 0 && row.Length != table.rows[0].Length)
                {
                    throw new InvalidDataException($"'{name}', line {csv.RowNumber}: expected {table.rows[0].Length} fields as in the first line, got {row.Length}.");
                }

                table.rows.Add(row);
                table.lines.Add(csv.RowNumber);
            }
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"'{name}' is not in UTF-8: a byte after line {(table.lines.Count > 0 ? table.lines[^1] : 0)} is no part of a character. Save the file as UTF-8.", exception);
        }
        catch (CsvFormatException exception)
        {
            throw new InvalidDataException($"'{name}' is no CSV file that can be read: {exception.Message}", exception);
        }

        if (table.rows.Count > 0 && (hasHeader ?? table.FirstRowIsHeader()))
        {
            table.Header = table.rows[0];
            table.rows.RemoveAt(0);
            table.lines.RemoveAt(0);
            if (table.Header.GroupBy(column => column).FirstOrDefault(group => group.Count() > 1) is { } twice)
            {
                throw new InvalidDataException($"'{name}': two columns are called '{twice.Key}'.");
            }
        }

        if (table.rows.Count == 0)
        {
            throw new InvalidDataException($"'{name}' has no rows of data.");
        }

        table.Columns = table.rows[0].Length;
        return table;
    }

    /// <summary>The column that a user means.</summary>
    /// <param name="label">Its name, or its number from 0; null for the last column.</param>
    /// <exception cref="InvalidDataException">There is no such column.</exception>
    public int FindColumn(string? label)
    {
        if (label is null)
        {
            return Columns - 1;
        }

        int index = Header.ToList().IndexOf(label);
        return index >= 0 ? index
            : int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < Columns ? number
            : throw new InvalidDataException($"'{Name}' has no column '{label}': expected {(Header.Count > 0 ? $"one of {string.Join(", ", Header)}, or " : "")}a number from 0 to {Columns - 1}.");
    }

    /// <summary>The columns but one as samples, one a row.</summary>
    /// <param name="without">The column to leave out; −1 for none.</param>
    /// <exception cref="InvalidDataException">A field is empty or no finite number; the message names file, line and column.</exception>
    public Tensor<T> Inputs<T>(int without)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[] columns = [.. Enumerable.Range(0, Columns).Where(column => column != without)];
        if (columns.Length == 0)
        {
            throw new InvalidDataException($"'{Name}' has one column, the label: expected at least one more to learn from.");
        }

        T[] values = new T[Rows * columns.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = T.CreateTruncating(Number(i / columns.Length, columns[i % columns.Length]));
        }

        return Tensor.Create(values, [Rows, columns.Length]);
    }

    /// <summary>
    /// The table as a data set. A label column of texts, or of up to 20 different whole numbers from 0, holds classes, sorted;
    /// any other holds values.
    /// </summary>
    /// <param name="label">The label column's name or number; null for the last.</param>
    /// <param name="classNames">The classes, where they are known already, as those of a trained model; empty for values; null finds out.</param>
    /// <exception cref="InvalidDataException">A column or a class is unknown, or a field is empty or no number.</exception>
    public DataSet<T> ToDataSet<T>(string? label = null, IReadOnlyList<string>? classNames = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int column = FindColumn(label);
        Tensor<T> inputs = Inputs<T>(column);
        string[] featureNames = [.. Header.Where((_, i) => i != column)];
        IReadOnlyList<string> classes = classNames ?? Classes(column);
        if (classes.Count == 0)
        {
            T[] values = [.. Enumerable.Range(0, Rows).Select(row => T.CreateTruncating(Number(row, column)))];
            return new DataSet<T>(Path.GetFileNameWithoutExtension(Name), inputs, Tensor.Create(values, [Rows, 1]), featureNames: featureNames);
        }

        var indices = classes.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index);
        T[] targets = new T[Rows];
        for (int row = 0; row < Rows; row++)
        {
            string text = Label(row, column);
            targets[row] = indices.TryGetValue(text, out int index)
                ? T.CreateTruncating(index)
                : throw new InvalidDataException($"{Place(row, column)}: the class '{text}' is unknown; expected one of {string.Join(", ", classes)}.");
        }

        return new DataSet<T>(Path.GetFileNameWithoutExtension(Name), inputs, Tensor.Create(targets, [Rows]), classes, featureNames);
    }

    private string[] Classes(int column)
    {
        string[] different = [.. Enumerable.Range(0, Rows).Select(row => Label(row, column)).Distinct()];
        double[] numbers = [.. different.Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN)];
        bool isClasses = numbers.Any(double.IsNaN) || (different.Length <= MostWholeNumberClasses && numbers.All(number => number >= 0 && double.IsInteger(number)));
        if (!isClasses)
        {
            return [];
        }

        Array.Sort(different, (a, b) => double.TryParse(a, CultureInfo.InvariantCulture, out double x) && double.TryParse(b, CultureInfo.InvariantCulture, out double y) ? x.CompareTo(y) : string.CompareOrdinal(a, b));
        return different.Length > 1 ? different : throw new InvalidDataException($"'{Name}': every row has the label '{different[0]}'; expected at least two classes.");
    }

    private string Label(int row, int column)
    {
        string text = rows[row][column];
        return text.Length > 0 ? text : throw new InvalidDataException($"{Place(row, column)}: the label is missing.");
    }

    private double Number(int row, int column)
    {
        string text = rows[row][column];
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw new InvalidDataException($"{Place(row, column)}: expected a finite number, {(text.Length == 0 ? "the field is empty" : $"got '{text}'")}.");
    }

    private string Place(int row, int column) =>
        $"'{Name}', line {lines[row]}, column {(Header.Count > 0 ? $"'{Header[column]}'" : column.ToString(CultureInfo.InvariantCulture))}";

    private bool FirstRowIsHeader()
    {
        bool[] first = [.. rows[0].Select(IsNumber)];
        return first.All(isNumber => !isNumber) || (rows.Count > 1 && first.Zip(rows[1]).Any(pair => !pair.First && IsNumber(pair.Second)));
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
