using EndpointPicker.Configuration;

namespace EndpointPicker.Hosting.CommandLine;

/// <summary>
/// Reads arguments as the reference's flag library does: <c>--name value</c> or <c>--name=value</c>, booleans only with <c>=</c>, and with one
/// dash where older releases had one.
/// </summary>
internal static class FlagParser
{
    public static FlagValues Parse(ReadOnlySpan<string> arguments)
    {
        FlagValues values = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (argument is "-h" or "--help" or "-help")
            {
                values.HelpWanted = true;
                continue;
            }

            if (argument.Length < 2 || argument[0] != '-')
            {
                values.Errors.Add($"unexpected argument \"{argument}\": flags start with --, and a boolean's value follows an equals sign (--tracing=false)");
                continue;
            }

            string body = argument.TrimStart('-');
            int equals = body.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? body : body[..equals];
            Flag? flag = Find(name);
            if (flag is null)
            {
                string? near = Suggestion.Nearest(name, FlagTable.All.SelectMany(known => known.Aliases.Prepend(known.Name)));
                values.Errors.Add($"unknown flag: --{name}; {(near is null ? "--help lists the flags" : $"did you mean --{near}?")}");
                continue;
            }

            if (equals >= 0)
            {
                values.Set(flag, body[(equals + 1)..]);
            }
            else if (flag.Kind == FlagKind.Boolean)
            {
                values.Set(flag, "true");
            }
            else if (i + 1 < arguments.Length)
            {
                values.Set(flag, arguments[++i]);
            }
            else
            {
                values.Errors.Add($"flag needs a value: --{name}");
            }
        }

        return values;
    }

    private static Flag? Find(string name)
    {
        foreach (Flag flag in FlagTable.All)
        {
            if (flag.Name == name || flag.Aliases.Contains(name))
            {
                return flag;
            }
        }

        return null;
    }
}
