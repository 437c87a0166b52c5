using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ChainRule.Benchmarks;

/// <summary>The playground in Chromium, and the same training in the same browser by TensorFlow.js: benchmarks/browser/run.mjs, which Node.js runs.</summary>
internal static class BrowserComparison
{
    private const string Script = "benchmarks/browser/run.mjs";

    /// <summary>Measures, and adds a table.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="site">The folder of the published page; null where it is not there.</param>
    public static void Run(Report report, string? site)
    {
        if (site is null || !File.Exists(Path.Combine(site, "index.html")) || Measure(site) is not { } measured)
        {
            Console.Error.WriteLine("browser: not measured; it wants the published page, Chromium, Node.js, and npm install in benchmarks/browser");
            return;
        }

        Console.Error.WriteLine("browser: done");
        using (measured)
        {
            AddTraining(report, measured.RootElement.GetProperty("training"));
            AddPage(report, measured.RootElement.GetProperty("page"));
        }
    }

    private static JsonDocument? Measure(string site)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("node", [Script, site, "--json"]) { RedirectStandardOutput = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? JsonDocument.Parse(output) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // there is no Node.js
        }
    }

    private static void AddTraining(Report report, JsonElement rows)
    {
        report.Text.AppendLine("In the browser (Chromium), without WebAssembly ahead of time: training steps a second of 2-8-8-1, batch 10, SGD, drawing off:");
        report.Text.AppendLine();
        report.Text.AppendLine("| activation | engine | steps a second | times as long as ChainRule in float32 |");
        report.Text.AppendLine("|---|---|---:|---:|");
        JsonElement[] all = [.. rows.EnumerateArray()];
        foreach (JsonElement row in all)
        {
            string activation = row.GetProperty("activation").GetString()!;
            string engine = row.GetProperty("engine").GetString()!;
            double rate = row.GetProperty("stepsPerSecond").GetDouble();
            double ratio = row.GetProperty("timesAsLong").GetDouble();
            report.Text.AppendLine(CultureInfo.InvariantCulture, $"| {activation} | {engine} | {rate:N0} | {ratio:0.0} |");
            if (engine.StartsWith("TensorFlow", StringComparison.Ordinal))
            {
                report.Measurements.Add(new Measurement($"browser: 2-8-8-1/10 {activation} float32", 1, "steps/s", rate * ratio, engine, rate, ratio));
            }
            else
            {
                report.Measurements.Add(new Measurement($"browser: 2-8-8-1/10 {activation}{engine[engine.LastIndexOf(' ')..]}", 1, "steps/s", rate));
            }
        }

        report.Text.AppendLine();
    }

    private static void AddPage(Report report, JsonElement page)
    {
        void Add(string what, string unit, double value) => report.Measurements.Add(new Measurement($"browser: {what}", 1, unit, value));
        double megabytes = page.GetProperty("firstLoadBytes").GetDouble() / 1e6;
        double ready = page.GetProperty("readyMilliseconds").GetDouble();
        double inspector = page.GetProperty("inspectorMilliseconds").GetDouble();
        report.Text.AppendLine(CultureInfo.InvariantCulture, $"The page: {megabytes:F2} MB at the first load, to be used after {ready / 1000:F1} s; a step of the inspector {inspector:F0} ms. Frames a second while everything is drawn, and steps a second:");
        report.Text.AppendLine();
        report.Text.AppendLine("| speed | frames | steps |");
        report.Text.AppendLine("|---|---:|---:|");
        Add("first load", "MB", megabytes);
        Add("ready", "ms", ready);
        Add("step of the inspector", "ms", inspector);
        foreach (JsonElement row in page.GetProperty("playing").EnumerateArray())
        {
            string speed = row.GetProperty("speed").GetString()!;
            double frames = row.GetProperty("frames").GetDouble();
            double steps = row.GetProperty("steps").GetDouble();
            report.Text.AppendLine(CultureInfo.InvariantCulture, $"| {speed} | {frames:F0} | {steps:N0} |");
            Add($"frames, {speed}", "frames/s", frames);
            Add($"steps, everything drawn, {speed}", "steps/s", steps);
        }

        report.Text.AppendLine();
    }
}
