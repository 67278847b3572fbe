using System.Globalization;
using ModelServerSimulator.Faults;

namespace ModelServerSimulator.Http;

/// <summary>Stands before the paths and deals out the faults that keep a request from being served.</summary>
internal sealed class FaultGate(FaultInjector faults, bool obeysErrorHeader, CancellationToken stopping)
{
    /// <summary>The request header by which a client asks for an error, with the status as value.</summary>
    public const string ErrorHeader = "X-Return-Error";

    /// <summary>True when the request has met a fault and is done with.</summary>
    public async ValueTask<bool> InterceptAsync(HttpContext context, bool isGeneration)
    {
        FaultPlan plan = faults.Plan;
        if (faults.Strikes(plan.DropRate))
        {
            context.Abort();
            return true;
        }

        if (faults.Strikes(plan.HangRate) || (isGeneration && faults.Strikes(plan.DeadRate)))
        {
            await HangAsync(context).ConfigureAwait(false);
            return true;
        }

        ApiError? error = isGeneration ? AskedError(context) : null;
        if (error is null && isGeneration && faults.Strikes(plan.ErrorRate))
        {
            error = ApiError.OfStatus(plan.ErrorStatus);
        }

        if (error is null)
        {
            return false;
        }

        await JsonReply.SendAsync(context.Response, error.Status, error.Write).ConfigureAwait(false);
        return true;
    }

    private ApiError? AskedError(HttpContext context)
    {
        if (!obeysErrorHeader || context.Request.Headers[ErrorHeader] is not [{ Length: > 0 } asked, ..])
        {
            return null;
        }

        return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int status) && status is >= 400 and < 600
            ? ApiError.OfStatus(status)
            : ApiError.BadRequest($"{ErrorHeader} takes a status of 400 to 599, not {asked}", ErrorHeader);
    }

    private async Task HangAsync(HttpContext context)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration client = context.RequestAborted.Register(() => left.TrySetResult());
        await using CancellationTokenRegistration server = stopping.Register(() => left.TrySetResult());
        await left.Task.ConfigureAwait(false);
        context.Abort();
    }
}
