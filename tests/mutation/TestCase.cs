using System.Globalization;
using System.Reflection;
using Xunit;
using Xunit.Sdk;

namespace ChainRule.Mutation;

/// <summary>A test, or one row of a theory, run by reflection.</summary>
/// <param name="Name">Class, method and arguments.</param>
/// <param name="Method">The method.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record TestCase(string Name, MethodInfo Method, object?[] Arguments)
{
    /// <summary>All tests of this assembly, in a fixed order. Those that try hundreds of networks are left out: they find nothing that others do not.</summary>
    public static TestCase[] All() =>
    [
        .. from type in typeof(TestCase).Assembly.GetTypes().OrderBy(type => type.FullName, StringComparer.Ordinal)
           where type.Name is not ("FalseAlarmTests" or "MutatedEngine")
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
           where method.IsDefined(typeof(FactAttribute)) && method.Name is not ("Hand_written_and_numeric_agree" or "No_layer_and_no_loss_of_the_library_raises_an_alarm")
           from arguments in method.IsDefined(typeof(TheoryAttribute)) ? method.GetCustomAttributes<DataAttribute>().SelectMany(data => data.GetData(method)) : [[]]
           select new TestCase($"{type.FullName}.{method.Name}({string.Join(", ", arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture)))})", method, Fit(method, arguments)),
    ];

    /// <summary>Runs it.</summary>
    /// <returns>What it says when it fails; null when it passes.</returns>
    public string? Run()
    {
        try
        {
            object instance = Activator.CreateInstance(Method.DeclaringType!)!;
            using (instance as IDisposable)
            {
                (Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, Arguments, null) as Task)?.GetAwaiter().GetResult();
            }

            return null;
        }
        catch (Exception exception)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }

    /// <summary>Arguments as the method takes them: defaults, numbers of its types, and a last array out of single values.</summary>
    private static object?[] Fit(MethodInfo method, object?[] arguments)
    {
        ParameterInfo[] parameters = method.GetParameters();
        if (parameters.Length > 0 && parameters[^1].IsDefined(typeof(ParamArrayAttribute)))
        {
            Type element = parameters[^1].ParameterType.GetElementType()!;
            object?[] rest = arguments[(parameters.Length - 1)..];
            var packed = Array.CreateInstance(element, rest.Length);
            for (int i = 0; i < rest.Length; i++)
            {
                packed.SetValue(Convert.ChangeType(rest[i], element, CultureInfo.InvariantCulture), i);
            }

            arguments = [.. arguments[..(parameters.Length - 1)], packed];
        }

        arguments = [.. arguments, .. parameters.Skip(arguments.Length).Select(parameter => parameter.DefaultValue)];
        return [.. arguments.Zip(parameters, (argument, parameter) => argument is not null && parameter.ParameterType.IsPrimitive ? Convert.ChangeType(argument, parameter.ParameterType, CultureInfo.InvariantCulture) : argument)];
    }
}
