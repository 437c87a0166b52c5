using System.Globalization;
using ChainRule.Cli.Output;
using ChainRule.Data;
using Spectre.Console;

namespace ChainRule.Cli.Training;

/// <summary>Shows downloads: a bar for each file in a terminal, a line elsewhere, nothing where all is there already.</summary>
internal static class DownloadView
{
    private const double Megabyte = 1e6;

    /// <summary>Runs what may download.</summary>
    public static TResult Watch<TResult>(CommandOutput output, Func<IProgress<DownloadProgress>, TResult> run)
    {
        if (!output.IsLive)
        {
            string last = "";
            return run(new Listener<DownloadProgress>(news =>
            {
                if (news.File != last)
                {
                    last = news.File;
                    output.People.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Downloading {news.File}, {news.Size / Megabyte:0.0} MB"));
                }
            }));
        }

        return output.People.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var tasks = new Dictionary<string, ProgressTask>();
                return run(new Listener<DownloadProgress>(news =>
                {
                    if (!tasks.TryGetValue(news.File, out ProgressTask? task))
                    {
                        tasks[news.File] = task = context.AddTask(Markup.Escape(news.File), maxValue: news.Size);
                    }

                    task.Value = news.Received;
                }));
            });
    }
}
