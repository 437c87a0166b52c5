using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ChainRule.Cli.Playground;

/// <summary>
/// Serves the files of one folder to this machine: GET and HEAD, nothing else. It knows its files from the start and looks
/// requests up by name, so that no request can lead out of the folder. Files that lie there compressed too are sent so to
/// whoever takes them.
/// </summary>
internal sealed class FileServer : IDisposable
{
    private const int MostAtOnce = 32;

    private readonly HttpListener listener = new();
    private readonly Dictionary<string, ServedFile> files;
    private readonly string basePath;

    private FileServer(string folder, int port, string basePath)
    {
        this.basePath = basePath;
        files = ServedFile.AllIn(folder);
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}{basePath}"));
        listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        listener.IgnoreWriteExceptions = true;
    }

    /// <summary>Where the page is.</summary>
    public Uri Address { get; }

    /// <summary>Starts to listen; null where the port cannot be had.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="port">The port on 127.0.0.1.</param>
    /// <param name="basePath">What stands before the files' names, with a slash at both ends.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "It is handed out, or disposed of.")]
    public static FileServer? TryStart(string folder, int port, string basePath)
    {
        var server = new FileServer(folder, port, basePath);
        try
        {
            server.listener.Start();
            return server;
        }
        catch (Exception exception) when (exception is HttpListenerException or SocketException)
        {
            server.Dispose();
            return null;
        }
    }

    /// <summary>A port that nobody uses now.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Serves until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using CancellationTokenRegistration stop = cancellation.Register(listener.Abort);
        using var places = new SemaphoreSlim(MostAtOnce);
        while (!cancellation.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception) when (cancellation.IsCancellationRequested)
            {
                return; // the listener was closed under the call
            }
            catch (HttpListenerException)
            {
                continue; // somebody hung up before he was heard
            }

            try
            {
                await places.WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            _ = Task.Run(
                async () =>
                {
                    try
                    {
                        await AnswerAsync(context).ConfigureAwait(false);
                    }
                    catch (Exception exception) when (exception is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
                    {
                        context.Response.Abort(); // the reader has gone, or the file has
                    }
                    finally
                    {
                        places.Release();
                    }
                },
                CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Close();

    private async Task AnswerAsync(HttpListenerContext context)
    {
        (HttpListenerRequest request, HttpListenerResponse response) = (context.Request, context.Response);
        foreach ((string header, string value) in SecurityHeaders)
        {
            response.Headers[header] = value;
        }

        if (request.HttpMethod is not ("GET" or "HEAD"))
        {
            response.Headers["Allow"] = "GET, HEAD";
            await SayAsync(request, response, HttpStatusCode.MethodNotAllowed, $"{request.HttpMethod} is not possible here: expected GET or HEAD.").ConfigureAwait(false);
            return;
        }

        string path = (request.RawUrl ?? "/").Split('?', '#')[0];
        if (path == basePath[..^1] && basePath.Length > 1)
        {
            response.RedirectLocation = basePath;
            await SayAsync(request, response, HttpStatusCode.MovedPermanently, "").ConfigureAwait(false);
            return;
        }

        string name = path.StartsWith(basePath, StringComparison.Ordinal) ? Uri.UnescapeDataString(path[basePath.Length..]) : "/";
        if (!files.TryGetValue(name.Length == 0 ? "index.html" : name, out ServedFile? file))
        {
            await SayAsync(request, response, HttpStatusCode.NotFound, "There is no such file.").ConfigureAwait(false);
            return;
        }

        response.Headers["ETag"] = file.Tag;
        response.Headers["Vary"] = "Accept-Encoding";
        response.Headers["Cache-Control"] = file.IsImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        if (request.Headers["If-None-Match"]?.Contains(file.Tag, StringComparison.Ordinal) == true)
        {
            response.StatusCode = (int)HttpStatusCode.NotModified;
            response.Close();
            return;
        }

        (string source, string? encoding) = file.For(request.Headers["Accept-Encoding"]);
        if (encoding is not null)
        {
            response.Headers["Content-Encoding"] = encoding;
        }

        await using FileStream stream = new(source, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true);
        response.ContentType = file.MediaType;
        response.ContentLength64 = stream.Length;
        if (request.HttpMethod == "GET")
        {
            await stream.CopyToAsync(response.OutputStream).ConfigureAwait(false);
        }

        response.Close();
    }

    private static async Task SayAsync(HttpListenerRequest request, HttpListenerResponse response, HttpStatusCode status, string text)
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes(text);
        response.StatusCode = (int)status;
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength64 = body.Length;
        if (request.HttpMethod != "HEAD")
        {
            await response.OutputStream.WriteAsync(body).ConfigureAwait(false);
        }

        response.Close();
    }

    /// <summary>What every answer carries: the page may load from here alone, nobody may frame it, and types are what they say.</summary>
    private static readonly (string Name, string Value)[] SecurityHeaders =
    [
        ("Content-Security-Policy", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ];
}
