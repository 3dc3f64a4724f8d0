using System.Diagnostics;

namespace HostAgent.TestSupport;

/// <summary>Waits for a condition with a deadline, instead of sleeping until lucky.</summary>
public static class Eventually
{
    /// <summary>Polls <paramref name="condition"/> every 10 ms; throws <see cref="TimeoutException"/> naming <paramref name="what"/>
    /// when it is still false after <paramref name="deadline"/> (default 20 s: machines are shared and slow).</summary>
    public static async Task TrueAsync(Func<bool> condition, string what, TimeSpan? deadline = null)
        => await TrueAsync(() => Task.FromResult(condition()), what, deadline);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string, TimeSpan?)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan limit = deadline ?? TimeSpan.FromSeconds(20);
        while (!await condition())
        {
            if (watch.Elapsed > limit)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {what}");
            }

            await Task.Delay(10);
        }
    }
}
