using System.Net.Http.Headers;
using EndpointPicker.Board;
using EndpointPicker.Cluster.Reviews;

namespace EndpointPicker.Hosting.Admin;

/// <summary>
/// Who may have what of the metrics port. With reviews: callers of this machine everything, others what the API server grants to their token. Without:
/// metrics are for everybody who connects, and pages that show requests for callers of this machine and those with a client certificate.
/// </summary>
/// <param name="reviews">Asks the API server; <see langword="null"/> where there is none to ask, or callers need not show who they are.</param>
/// <param name="clientCertificates">Whether all who connect have shown a certificate of an authority that was named for that.</param>
internal sealed class AdminAccess(AccessReviews? reviews, bool clientCertificates)
{
    private const string Scheme = "Bearer";

    /// <summary>Judges a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="page">The page that it asks for, where it is one that shows requests.</param>
    /// <returns>Why it is refused; <see langword="null"/> where it is not.</returns>
    public ValueTask<Refusal?> JudgeAsync(HttpContext context, IBoardPage? page)
    {
        if ((page is null && reviews is null) || LocalCaller.Refusal(context) is not { } refusal)
        {
            return ValueTask.FromResult<Refusal?>(null);
        }

        if (reviews is not null)
        {
            return ReviewAsync(reviews, context, refusal);
        }

        bool welcome = clientCertificates && LocalCaller.IsSameOrigin(context.Request);
        return ValueTask.FromResult(welcome ? null : new Refusal(StatusCodes.Status403Forbidden, $"{page!.Path} {refusal}"));
    }

    private static async ValueTask<Refusal?> ReviewAsync(AccessReviews reviews, HttpContext context, string withoutToken)
    {
        string path = context.Request.Path.Value ?? "/";
        if (!AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out AuthenticationHeaderValue? shown)
            || !string.Equals(shown.Scheme, Scheme, StringComparison.OrdinalIgnoreCase)
            || shown.Parameter is not { Length: > 0 } token)
        {
            return new Refusal(
                StatusCodes.Status401Unauthorized, $"show a bearer token of the cluster (Authorization: Bearer TOKEN); without one {path} {withoutToken}", Scheme);
        }

        string verb = context.Request.Method.ToLowerInvariant();
        AccessVerdict verdict = await reviews.ReviewAsync(token, verb, path, context.RequestAborted);
        return verdict.Outcome switch
        {
            AccessOutcome.Allowed => null,
            AccessOutcome.Denied => new Refusal(
                StatusCodes.Status403Forbidden,
                $"{verdict.User} may not {verb} {path}: grant nonResourceURLs [{Needed(path)}] with verbs [\"{verb}\"] in a ClusterRole, and bind it to {verdict.User}"),
            AccessOutcome.Unauthenticated => new Refusal(
                StatusCodes.Status401Unauthorized, "the cluster does not know this token, or not any more", $"{Scheme} error=\"invalid_token\""),
            _ => new Refusal(StatusCodes.Status503ServiceUnavailable, "the API server cannot be asked who you are; the log says why"),
        };
    }

    // The live page is of no use without its parts, nor without the decisions that it shows.
    private static string Needed(string path) => path == BoardFiles.Home || path.StartsWith(BoardFiles.Home + "/", StringComparison.Ordinal)
        ? $"\"{BoardFiles.Home}\", \"{BoardFiles.Home}/*\", \"/explain\""
        : $"\"{path}\"";
}
