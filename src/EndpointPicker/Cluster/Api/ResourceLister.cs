using System.Buffers;
using System.Net;

namespace EndpointPicker.Cluster.Api;

/// <summary>
/// Lists all objects of a query, page by page and consistently: without a resource version the API server answers with its newest state, and the
/// pages that follow are of the same moment. Where that moment is forgotten before the last page, the list starts again in one piece, so that a
/// server that forgets fast cannot hold it up for ever.
/// </summary>
internal sealed class ResourceLister<T>(ApiClient client, ResourceQuery query, ObjectReading<T> reading)
{
    // 500 objects of half a megabyte each, far more than any that we read.
    private const long MaxPage = 256 * 1024 * 1024;

    /// <summary>Lists.</summary>
    public async ValueTask<ResourceList<T>> ListAsync(CancellationToken cancellationToken)
    {
        List<T> items = [];
        int limit = query.PageSize;
        string next = "";
        while (true)
        {
            using ApiStream page = await client.OpenAsync(query.ListPath(limit, next), cancellationToken);
            if (page.Refusal is { Status: (int)HttpStatusCode.Gone } && next.Length > 0)
            {
                items.Clear();
                limit = 0;
                next = "";
                continue;
            }

            if (page.Refusal is not null)
            {
                return new ResourceList<T>([], "", page.Refusal);
            }

            using RequestBudget budget = client.Budget(cancellationToken);
            ReadOnlySequence<byte> body = await new JsonFrames(page.Body, MaxPage).NextAsync(budget.Token) ?? throw new InvalidDataException("the list is empty text");
            ObjectHeader header = ListPage.Read(body, reading, items);
            next = header.Continue;
            if (next.Length == 0)
            {
                return new ResourceList<T>(items, header.ResourceVersion);
            }
        }
    }
}
