using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ChainRule.Data.Tests;

/// <summary>A server on 127.0.0.1 that serves one file, and behaves as badly as a test wants.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly byte[] content;

    public FileServer(byte[] content)
    {
        this.content = content;
        int port = FreePort();
        Address = new Uri($"http://127.0.0.1:{port}/");
        listener.Prefixes.Add(Address.ToString());
        listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    /// <summary>Breaks each connection off after so many bytes; null serves all.</summary>
    public int? BreakAfter { get; init; }

    /// <summary>Whether it answers a range with that range.</summary>
    public bool KnowsRanges { get; init; } = true;

    /// <summary>Whether it takes requests and says nothing.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Where each request wanted to begin.</summary>
    public ConcurrentQueue<int> Starts { get; } = new();

    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await listener.GetContextAsync();
                if (!IsSilent)
                {
                    Serve(context);
                }
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    private void Serve(HttpListenerContext context)
    {
        string? range = context.Request.Headers["Range"];
        int start = range is null ? 0 : int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        Starts.Enqueue(start);
        HttpListenerResponse response = context.Response;
        if (!context.Request.Url!.AbsolutePath.EndsWith(".gz", StringComparison.Ordinal))
        {
            response.StatusCode = 404;
            response.Close();
            return;
        }

        start = KnowsRanges ? start : 0;
        if (start > 0)
        {
            response.StatusCode = 206;
            response.Headers["Content-Range"] = $"bytes {start}-{content.Length - 1}/{content.Length}";
        }

        response.ContentLength64 = content.Length - start;
        int length = Math.Min(BreakAfter ?? int.MaxValue, content.Length - start);
        response.OutputStream.Write(content, start, length);
        response.OutputStream.Flush();
        if (length < content.Length - start)
        {
            response.Abort();
        }
        else
        {
            response.Close();
        }
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
