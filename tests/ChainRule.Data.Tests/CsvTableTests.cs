using ChainRule.Training;
using Xunit;

namespace ChainRule.Data.Tests;

public sealed class CsvTableTests
{
    [Fact]
    public void Text_labels_become_sorted_classes_and_columns_keep_their_names()
    {
        DataSet<double> data = Read("length,width,kind\n1.5,2,rose\n3,4e-1,iris\n-5,6,rose\n").ToDataSet<double>();
        Assert.Equal(["iris", "rose"], data.ClassNames);
        Assert.Equal([1, 0, 1], data.Targets);
        Assert.Equal([1.5, 2, 3, 0.4, -5, 6], data.Inputs);
        Assert.Equal(["length", "width"], data.FeatureNames);
    }

    [Theory]
    [InlineData("label", "label,a\n0,1\n1,2\n")]
    [InlineData("0", "label,a\n0,1\n1,2\n")]
    [InlineData("0", "0,1\n1,2\n")]
    public void The_label_is_found_by_name_or_by_number(string label, string csv)
    {
        DataSet<double> data = Read(csv).ToDataSet<double>(label);
        Assert.Equal([1, 2], data.Inputs);
        Assert.Equal([0, 1], data.Targets);
    }

    [Fact]
    public void Whole_numbers_are_classes_in_their_order_and_others_are_values()
    {
        Assert.Equal(["2", "10"], Read("1,10\n1,2\n").ToDataSet<double>().ClassNames);
        DataSet<double> values = Read("1,0.5\n1,2\n").ToDataSet<double>();
        Assert.False(values.IsClassification);
        Assert.Equal([0.5, 2], values.Targets);
    }

    [Theory]
    [InlineData("a;b;c\n1;2;x\n3;4;y\n")]
    [InlineData("a\tb\tc\n1\t2\tx\n3\t4\ty\n")]
    [InlineData("\uFEFFa,b,c\r\n1,2,x\r\n\r\n3,4,\"y\"\r\n")]
    [InlineData("1,2,x\n3,4,y")]
    public void Separators_byte_order_marks_line_ends_and_quotes_are_understood(string csv)
    {
        DataSet<double> data = Read(csv).ToDataSet<double>();
        Assert.Equal([1, 2, 3, 4], data.Inputs);
        Assert.Equal(["x", "y"], data.ClassNames);
    }

    [Fact]
    public void Known_classes_keep_their_indices_and_unknown_ones_are_refused()
    {
        Assert.Equal([2, 0], Read("1,c\n2,a\n").ToDataSet<double>(null, ["a", "b", "c"]).Targets);
        Refused("1,c\n2,a\n", "'test.csv', line 1, column 1: the class 'c' is unknown", ["a", "b"]);
    }

    [Theory]
    [InlineData("", "no rows")]
    [InlineData("a,b\n", "no rows")]
    [InlineData("a,b,c\n1,2,x\n3,,y\n", "line 3, column 'b': expected a finite number, the field is empty")]
    [InlineData("a,b,c\n1,2,x\n3,z,y\n", "line 3, column 'b': expected a finite number, got 'z'")]
    [InlineData("a,b,c\n1,2,x\n3,NaN,y\n", "line 3, column 'b'")]
    [InlineData("a,b,c\n1,2,x\n\n3,4,\n", "line 4, column 'c': the label is missing")]
    [InlineData("a,b,c\n1,2,x\n3,4\n", "line 3: expected 3 fields as in the first line, got 2")]
    [InlineData("a,a,c\n1,2,x\n3,4,y\n", "two columns are called 'a'")]
    [InlineData("a\n1\n2\n", "one column")]
    [InlineData("a,c\n1,x\n2,x\n", "at least two classes")]
    public void Broken_files_are_refused_with_line_and_column(string csv, string problem) => Refused(csv, problem);

    /// <summary>Replacing bytes that are no characters could make two labels one.</summary>
    [Fact]
    public void Invalid_UTF_8_is_refused_with_the_line()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, [.. "a,kind\n1,x\n2,caf"u8, 0xE9, .. "\n3,y\n"u8]);
            InvalidDataException exception = Assert.Throws<InvalidDataException>(() => CsvTable.Read(file));
            Assert.Contains($"'{file}' is not in UTF-8", exception.Message, StringComparison.Ordinal);
            File.WriteAllBytes(file, System.Text.Encoding.Unicode.GetPreamble().Concat(System.Text.Encoding.Unicode.GetBytes("a,kind\n1,x\n2,y\n")).ToArray());
            Assert.Equal(2, CsvTable.Read(file).Rows); // a byte order mark says another encoding
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void An_unknown_label_column_is_refused_with_those_that_there_are()
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => Read("a,b\n1,2\n3,4\n").ToDataSet<double>("c"));
        Assert.Contains("one of a, b", exception.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Read("1,2\n3,4\n").ToDataSet<double>("2"));
    }

    private static void Refused(string csv, string problem, string[]? classes = null) =>
        Assert.Contains(problem, Assert.Throws<InvalidDataException>(() => Read(csv).ToDataSet<double>(null, classes)).Message, StringComparison.Ordinal);

    private static CsvTable Read(string csv) => CsvTable.Read(new StringReader(csv), "test.csv");
}
