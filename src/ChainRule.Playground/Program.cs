using ChainRule.Lessons.Text;
using ChainRule.Playground.Components;
using ChainRule.Playground.Page;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Microsoft.Extensions.DependencyInjection;

if (!OperatingSystem.IsBrowser())
{
    throw new PlatformNotSupportedException("The playground runs in a browser: expected to be loaded by its page, index.html.");
}

await Interop.LoadAsync();
var model = new PageModel();
string language = Interop.Recall("language");
bool isKorean = language.Length > 0 ? language == nameof(Language.Korean) : Interop.PreferredLanguage().StartsWith("ko", StringComparison.OrdinalIgnoreCase);
model.Dress(isKorean ? Language.Korean : Language.English, Interop.Recall("theme"));
model.Open(Interop.ReadHash());
Callbacks.Model = model;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.Services.AddSingleton(model);
builder.RootComponents.Add<App>("#app");
await builder.Build().RunAsync();
