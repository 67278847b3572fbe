using System.Security.Cryptography;
using System.Text;
using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Reviews;

/// <summary>
/// Asks the API server whose a bearer token is and what its owner may do: TokenReview, then SubjectAccessReview for a path that is no resource.
/// </summary>
/// <param name="client">The API server.</param>
/// <param name="time">The clock of the caches and budgets.</param>
/// <param name="logger">Where it is told why reviews cannot be had.</param>
internal sealed partial class AccessReviews(ApiClient client, TimeProvider time, ILogger<AccessReviews> logger) : IDisposable
{
    private const string TokenReviews = "/apis/authentication.k8s.io/v1/tokenreviews";
    private const string SubjectAccessReviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    // Far above the callers of a metrics port. Somebody who tries tokens must not fill the memory, nor the API server's queue.
    private const int Kept = 1024;
    private const int AtOnce = 4;

    // Below the ten seconds that a scraper waits by default.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4);

    private readonly SemaphoreSlim _slots = new(AtOnce);
    private readonly ReviewCache<TokenIdentity> _tokens = new(Kept, identity => identity.IsAuthenticated, time);
    private readonly ReviewCache<AccessPermission> _permissions = new(Kept, permission => permission.IsAllowed, time);
    private volatile string _fault = "";

    /// <summary>Judges a caller.</summary>
    /// <param name="token">The caller's bearer token.</param>
    /// <param name="verb">What the caller wants to do, a method in lower case.</param>
    /// <param name="path">The path that it is to be done with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<AccessVerdict> ReviewAsync(string token, string verb, string path, CancellationToken cancellationToken)
    {
        // The token itself is kept nowhere.
        string owner = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        Reviewed<TokenIdentity> identity = await _tokens.GetAsync(
            owner, () => AskAsync(TokenReviews, ReviewObjects.AskForToken(token), ReviewObjects.ReadToken), cancellationToken);
        if (identity.Answer is not { } user)
        {
            return new AccessVerdict(AccessOutcome.Unknown);
        }

        if (!user.IsAuthenticated)
        {
            return new AccessVerdict(AccessOutcome.Unauthenticated);
        }

        Reviewed<AccessPermission> permission = await _permissions.GetAsync(
            $"{owner} {verb} {path}", () => AskAsync(SubjectAccessReviews, ReviewObjects.AskForAccess(user, verb, path), ReviewObjects.ReadAccess), cancellationToken);
        return permission.Answer is null ? new AccessVerdict(AccessOutcome.Unknown)
            : permission.Answer.IsAllowed ? new AccessVerdict(AccessOutcome.Allowed)
            : new AccessVerdict(AccessOutcome.Denied, user.Name);
    }

    public void Dispose() => _slots.Dispose();

    private async Task<Reviewed<T>> AskAsync<T>(string path, ReadOnlyMemory<byte> body, Func<byte[], T?> read)
        where T : class
    {
        using RequestBudget budget = new(Budget, time, CancellationToken.None);
        string fault;
        try
        {
            await _slots.WaitAsync(budget.Token);
            try
            {
                ApiAnswer answer = await client.SendAsync(HttpMethod.Post, path, body, budget.Token);
                if (answer.IsSuccess && read(answer.Body) is { } review)
                {
                    _fault = "";
                    return new Reviewed<T>(review, "");
                }

                fault = answer.Status == 403
                    ? $"{answer.Message}; grant the verb create on tokenreviews and subjectaccessreviews in a ClusterRole, as system:auth-delegator does"
                    : $"the API server answered {answer}";
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (OperationCanceledException)
        {
            fault = $"the API server did not answer within {Budget.TotalSeconds} s";
        }
        catch (ApiUnreachableException e)
        {
            fault = e.Message;
        }

        if (_fault != fault)
        {
            _fault = fault;
            Log.Failed(logger, fault);
        }

        return new Reviewed<T>(null, fault);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Callers of the metrics port cannot be reviewed: {Fault}", EventName = nameof(Failed))]
        public static partial void Failed(ILogger logger, string fault);
    }
}
