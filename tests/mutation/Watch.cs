using System.Diagnostics;

namespace ChainRule.Mutation;

/// <summary>Writes down what became of each mutant, ends the process where one never ends, and knows after a restart which was running.</summary>
internal sealed class Watch
{
    private readonly string results;
    private readonly HashSet<string> done;
    private readonly Lock gate = new();
    private string running = "";
    private DateTime until = DateTime.MaxValue;

    public Watch(string results)
    {
        this.results = results;
        string left = File.Exists(results + ".running") ? File.ReadAllText(results + ".running") : "";
        done = File.Exists(results) ? [.. File.ReadLines(results).Select(line => line.Split('\t')[0])] : [];
        if (left.Length > 0 && done.Add(left))
        {
            File.AppendAllText(results, $"{left}\tcrashed\t\n");
        }

        new Thread(Look) { IsBackground = true }.Start();
    }

    /// <summary>Whether a mutant has a result.</summary>
    public bool IsDone(int mutant) => done.Contains($"{mutant}");

    /// <summary>A mutant begins.</summary>
    public void Begin(int mutant)
    {
        running = $"{mutant}";
        File.WriteAllText(results + ".running", running);
    }

    /// <summary>The next test may take so long.</summary>
    public void Allow(double seconds)
    {
        lock (gate)
        {
            until = DateTime.UtcNow.AddSeconds(seconds);
        }
    }

    /// <summary>A mutant has ended.</summary>
    public void End(string status, string by)
    {
        lock (gate)
        {
            until = DateTime.MaxValue;
            File.AppendAllText(results, $"{running}\t{status}\t{by.ReplaceLineEndings(" ")}\n");
        }
    }

    /// <summary>All have ended.</summary>
    public void Finish() => File.Delete(results + ".running");

    private void Look()
    {
        while (true)
        {
            Thread.Sleep(200);
            lock (gate)
            {
                if (DateTime.UtcNow > until)
                {
                    File.AppendAllText(results, $"{running}\ttimed out\t\n");
                    Process.GetCurrentProcess().Kill();
                }
            }
        }
    }
}
