using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ChainRule.Cli.Playground;

namespace ChainRule.Cli.Tests;

/// <summary>What <c>chainrule playground</c> sends to whom. The page itself is tested in a browser.</summary>
public sealed class PlaygroundCommandTests : IDisposable
{
    private readonly string parent = Directory.CreateTempSubdirectory("chainrule-site").FullName;
    private readonly string folder;
    private readonly CancellationTokenSource stop = new();
    private readonly HttpClient client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, AllowAutoRedirect = false });

    public PlaygroundCommandTests()
    {
        folder = Path.Combine(parent, "site");
        Directory.CreateDirectory(Path.Combine(folder, "_framework"));
        File.WriteAllText(Path.Combine(parent, "secret.txt"), "secret");
        File.WriteAllText(Path.Combine(folder, "index.html"), "<p>page</p>");
        File.WriteAllText(Path.Combine(folder, "name with blank.txt"), "blank");
        string wasm = Path.Combine(folder, "_framework", "ChainRule.65lpq0il3v.wasm");
        File.WriteAllText(wasm, "module");
        using (var brotli = new BrotliStream(File.Create($"{wasm}.br"), CompressionLevel.Fastest))
        {
            brotli.Write("module"u8);
        }

        using var gzip = new GZipStream(File.Create($"{wasm}.gz"), CompressionLevel.Fastest);
        gzip.Write("module"u8);
    }

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
        client.Dispose();
        Directory.Delete(parent, recursive: true);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/some/where/")]
    public async Task The_page_is_served_with_headers_that_let_it_load_from_here_alone(string basePath)
    {
        Uri address = Serve(basePath);
        using HttpResponseMessage response = await client.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("<p>page</p>", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("'unsafe-eval'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        using var again = new HttpRequestMessage(HttpMethod.Get, address);
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("identity", null)]
    public async Task What_lies_there_compressed_is_sent_so_to_whoever_takes_it(string accepted, string? encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Serve(), "_framework/ChainRule.65lpq0il3v.wasm"));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("application/wasm", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", response.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        using Stream content = encoding switch
        {
            "br" => new BrotliStream(new MemoryStream(body), CompressionMode.Decompress),
            "gzip" => new GZipStream(new MemoryStream(body), CompressionMode.Decompress),
            _ => new MemoryStream(body),
        };
        Assert.Equal("module", await new StreamReader(content).ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Written to the socket as they are: a client would tidy them up.</summary>
    [Theory]
    [InlineData("/../secret.txt")]
    [InlineData("/%2e%2e/secret.txt")]
    [InlineData("/..%2fsecret.txt")]
    [InlineData("/..%5csecret.txt")]
    [InlineData("/_framework/../../secret.txt")]
    [InlineData("//secret.txt")]
    [InlineData("/%00")]
    [InlineData("/none.html")]
    [InlineData("/_framework")]
    public async Task Nothing_outside_the_folder_can_be_had(string path)
    {
        string answer = await SendAsync(Serve(), $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 (404|400)", answer);
        Assert.False(answer.EndsWith("secret", StringComparison.Ordinal), answer);
        Assert.DoesNotContain("module", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_unescaped_once_and_a_query_does_not_matter()
    {
        Assert.Equal("blank", await client.GetStringAsync(new Uri(Serve(), "name%20with%20blank.txt?version=1"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nothing_can_be_sent_and_a_head_has_no_body()
    {
        Uri address = Serve();
        using HttpResponseMessage post = await client.PostAsync(address, new StringContent("x"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(["GET", "HEAD"], post.Content.Headers.Allow.Order());
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        using HttpResponseMessage head = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A page elsewhere may not make this server its own by a name that leads to 127.0.0.1.</summary>
    [Fact]
    public async Task Another_host_name_is_refused() =>
        Assert.Matches("^HTTP/1.1 4", await SendAsync(Serve(), "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"));

    [Fact]
    public async Task Ten_thousand_requests_are_answered()
    {
        Uri address = Serve();
        int right = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 10_000), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken }, async (i, cancellation) =>
        {
            using HttpResponseMessage response = await client.GetAsync(i % 3 == 0 ? new Uri(address, "none") : address, cancellation);
            bool isRight = response.StatusCode == (i % 3 == 0 ? HttpStatusCode.NotFound : HttpStatusCode.OK);
            Interlocked.Add(ref right, isRight ? 1 : 0);
        });
        Assert.Equal(10_000, right);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line_and_exit_code_2()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.Null(FileServer.TryStart(folder, port, "/"));
        Assert.Contains("--port: expected a whole number from 0 to 65535, got 'x'.", (await Tool.RunAsync("playground --port x")).OneLine, StringComparison.Ordinal);
    }

    /// <summary>The tool by itself: a page lies beside it, as in the package.</summary>
    [Fact]
    public async Task The_tool_serves_the_page_that_it_brings_along_until_it_is_stopped()
    {
        string tool = Path.Combine(parent, "tool");
        Copy(AppContext.BaseDirectory, tool);
        Copy(folder, Path.Combine(tool, "playground"));
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(tool, "ChainRule.Cli.dll"), "playground", "--port", "0", "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        try
        {
            string line = (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
            JsonElement document = JsonDocument.Parse(line).RootElement;
            Assert.Equal("<p>page</p>", await client.GetStringAsync(new Uri(document.GetProperty("address").GetString()!), TestContext.Current.CancellationToken));
            if (!OperatingSystem.IsWindows())
            {
                // Not SIGINT: what a shell starts in the background ignores that, and so does all that it starts. Both end the same way.
                using Process terminate = Process.Start("kill", ["-TERM", $"{process.Id}"]);
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                Assert.Equal(0, process.ExitCode);
            }
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Without_page_and_source_tree_the_error_says_where_it_looked()
    {
        string tool = Path.Combine(parent, "tool");
        Copy(AppContext.BaseDirectory, tool);
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(tool, "ChainRule.Cli.dll"), "playground"])
        {
            RedirectStandardError = true,
            WorkingDirectory = parent,
        };
        using Process process = Process.Start(start)!;
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, process.ExitCode);
        Assert.StartsWith($"chainrule: Found neither {Path.Combine(tool, "playground", "index.html")}", error, StringComparison.Ordinal);
    }

    private Uri Serve(string basePath = "/")
    {
        FileServer server = FileServer.TryStart(folder, FileServer.FreePort(), basePath)!;
        _ = server.RunAsync(stop.Token);
        return server.Address;
    }

    private static async Task<string> SendAsync(Uri address, string request)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        await using NetworkStream stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(file => !file.Contains("TestResults", StringComparison.Ordinal)))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
