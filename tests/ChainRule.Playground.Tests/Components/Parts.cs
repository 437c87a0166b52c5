using Bunit;
using ChainRule.Lessons.Text;
using ChainRule.Playground.Page;
using ChainRule.Playground.Session;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace ChainRule.Playground.Tests.Components;

/// <summary>Renders parts of the page without a browser, around one page.</summary>
internal sealed class Parts : IDisposable
{
    private readonly BunitContext context = new();

    public Parts(Setup? setup = null, Language language = Language.English)
    {
        Model = new PageModel();
        Model.Dress(language, "auto");
        if (setup is not null)
        {
            Model.Change(_ => setup);
        }

        context.Services.AddSingleton(Model);
    }

    public PageModel Model { get; }

    public IRenderedComponent<TPart> Render<TPart>(Action<ComponentParameterCollectionBuilder<TPart>>? parameters = null)
        where TPart : IComponent => context.Render(parameters ?? (_ => { }));

    /// <summary>Does something to the page where parts are rendered, as the browser does.</summary>
    public void Do(Action<PageModel> action) => context.Renderer.Dispatcher.InvokeAsync(() => action(Model)).GetAwaiter().GetResult();

    public void Dispose() => context.Dispose();
}
