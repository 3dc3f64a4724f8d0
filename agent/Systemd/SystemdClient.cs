using System.Net.Sockets;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Systemd;

/// <summary>The system manager's D-Bus interface (org.freedesktop.systemd1(5)), one connection for one command.</summary>
internal sealed class SystemdClient : IAsyncDisposable
{
    private const string ManagerPath = "/org/freedesktop/systemd1";
    private const string Manager = "org.freedesktop.systemd1.Manager";
    private const string Properties = "org.freedesktop.DBus.Properties";
    private const string JobRemoved = "JobRemoved";

    // A signal may be lost with a systemd that executes itself anew: once in a while the job is asked for.
    private static readonly TimeSpan JobLookInterval = TimeSpan.FromSeconds(2);

    private readonly DBusConnection _connection;
    private readonly TimeProvider _time;
    private readonly string? _destination;

    private SystemdClient(DBusConnection connection, TimeProvider time, string? destination)
    {
        _connection = connection;
        _time = time;
        _destination = destination;
    }

    /// <summary>Connects: root straight to systemd, which works when the bus does not; others over the system bus, where polkit decides.</summary>
    /// <exception cref="SystemdException">It cannot.</exception>
    public static async Task<SystemdClient> ConnectAsync(LinuxRoots roots, TimeProvider time, CancellationToken cancellation)
    {
        // sd_booted(3).
        if (!Directory.Exists(roots.Tree + "/run/systemd/system"))
        {
            throw new SystemdException("systemd does not run on this host (there is no /run/systemd/system)");
        }

        string reason = "";
        if (GeteuidCall.Get() == 0)
        {
            try
            {
                return new SystemdClient(await DBusConnection.ConnectAsync(roots.Tree + "/run/systemd/private", JobRemoved, time, cancellation), time, null);
            }
            catch (Exception e) when (e is SocketException or IOException or TimeoutException)
            {
                reason = $"/run/systemd/private: {e.Message}; ";
            }
        }

        try
        {
            DBusConnection bus = await DBusConnection.ConnectAsync(roots.Tree + "/run/dbus/system_bus_socket", JobRemoved, time, cancellation);
            var client = new SystemdClient(bus, time, "org.freedesktop.systemd1");
            try
            {
                const string match = "type='signal',sender='org.freedesktop.systemd1',interface='org.freedesktop.systemd1.Manager',member='JobRemoved'";
                await bus.CallAsync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello", "", null, cancellation);
                await bus.CallAsync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch", "s", new DBusWriter().String(match), cancellation);
                await client.CallAsync("Subscribe", "", null, cancellation);
                return client;
            }
            catch
            {
                await client.DisposeAsync();
                throw;
            }
        }
        catch (Exception e) when (e is SocketException or (IOException and not SystemdException) or TimeoutException or DBusException)
        {
            throw new SystemdException($"systemd cannot be reached: {reason}/run/dbus/system_bus_socket: {e.Message}", e);
        }
    }

    /// <summary>Loads the unit's files when they are not, and reads its state; a unit that does not exist has the load state not-found.</summary>
    public async Task<UnitState> ReadAsync(string unit, CancellationToken cancellation)
    {
        string path = Result<string>(await CallAsync("LoadUnit", "s", new DBusWriter().String(unit), cancellation));
        Dictionary<string, object> all = await PropertiesAsync(path, "org.freedesktop.systemd1.Unit", cancellation);
        if (unit.EndsWith(".service", StringComparison.Ordinal))
        {
            foreach ((string name, object value) in await PropertiesAsync(path, "org.freedesktop.systemd1.Service", cancellation))
            {
                all.TryAdd(name, value);
            }
        }

        return new UnitState(all);
    }

    /// <summary>Queues a job and waits for its end. Returns the job's result: done, failed, canceled, timeout, dependency, skipped, assert ...
    /// or "gone" when its end was not seen.</summary>
    /// <param name="method">StartUnit, StopUnit, RestartUnit or ReloadUnit.</param>
    /// <param name="unit">Its name.</param>
    /// <param name="cancellation">Ends the waiting; the job goes on.</param>
    public async Task<string> RunJobAsync(string method, string unit, CancellationToken cancellation)
    {
        string job = Result<string>(await CallAsync(method, "ss", new DBusWriter().String(unit).String("replace"), cancellation));
        while (true)
        {
            using var look = new CancellationTokenSource(JobLookInterval, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(look.Token, cancellation);
            try
            {
                while (true)
                {
                    object[] removed = (await _connection.Signals.ReadAsync(both.Token)).Arguments();
                    if (removed is [_, string path, _, string result] && path == job)
                    {
                        return result;
                    }
                }
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                if (!await IsThereAsync(job, cancellation))
                {
                    return "gone";
                }
            }
            catch (System.Threading.Channels.ChannelClosedException e)
            {
                throw new SystemdException("the connection to systemd broke while the job was under way: " + e.Message, e);
            }
        }
    }

    /// <summary>Forgets that a unit failed, and with it the count of its failed starts.</summary>
    public Task ResetFailedAsync(string unit, CancellationToken cancellation) => CallAsync("ResetFailedUnit", "s", new DBusWriter().String(unit), cancellation);

    /// <summary>Sends a signal to the unit's main process.</summary>
    public Task SignalMainAsync(string unit, int signal, CancellationToken cancellation)
        => CallAsync("KillUnit", "ssi", new DBusWriter().String(unit).String("main").Int32(signal), cancellation);

    /// <summary>Makes or removes the links that start the unit with the system, then lets systemd read them. Returns how many links changed.</summary>
    public async Task<int> EnableAsync(string unit, bool enable, CancellationToken cancellation)
    {
        DBusWriter body = new DBusWriter().Strings([unit]).Boolean(false);
        object[] answer = enable
            ? await CallAsync("EnableUnitFiles", "asbb", body.Boolean(false), cancellation)
            : await CallAsync("DisableUnitFiles", "asb", body, cancellation);
        await CallAsync("Reload", "", null, cancellation);
        return answer is [.., object[] changes] ? changes.Length : 0;
    }

    /// <summary>Loaded units whose active state is one of <paramref name="states"/>: name, active state, sub-state.</summary>
    public async Task<IReadOnlyList<(string Name, string ActiveState, string SubState)>> ListAsync(IReadOnlyCollection<string> states, CancellationToken cancellation)
    {
        object[] units = Result<object[]>(await CallAsync("ListUnitsFiltered", "as", new DBusWriter().Strings(states), cancellation));
        return [.. units.OfType<object[]>().Where(static u => u is [string, _, _, string, string, ..]).Select(static u => ((string)u[0], (string)u[3], (string)u[4]))];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<Dictionary<string, object>> PropertiesAsync(string path, string @interface, CancellationToken cancellation)
        => Result<Dictionary<string, object>>(await CallAsync(path, Properties, "GetAll", "s", new DBusWriter().String(@interface), cancellation));

    private async Task<bool> IsThereAsync(string job, CancellationToken cancellation)
    {
        try
        {
            await CallAsync(job, Properties, "GetAll", "s", new DBusWriter().String("org.freedesktop.systemd1.Job"), cancellation);
            return true;
        }
        catch (DBusException)
        {
            return false;
        }
    }

    private Task<object[]> CallAsync(string method, string signature, DBusWriter? body, CancellationToken cancellation)
        => CallAsync(ManagerPath, Manager, method, signature, body, cancellation);

    private async Task<object[]> CallAsync(
        string path, string @interface, string method, string signature, DBusWriter? body, CancellationToken cancellation)
    {
        try
        {
            return await _connection.CallAsync(_destination, path, @interface, method, signature, body, cancellation);
        }
        catch (DBusException e) when (e.IsDenied)
        {
            throw new SystemdException($"systemd does not permit {method} to this user ({e.Message}): run the agent as root, or grant its user "
                + "org.freedesktop.systemd1.manage-units (and manage-unit-files, reload-daemon for enabling) in a polkit rule", e);
        }
        catch (Exception e) when (e is TimeoutException or (IOException and not SystemdException))
        {
            throw new SystemdException($"systemd does not answer: {e.Message}", e);
        }
    }

    private static T Result<T>(object[] answer) => answer is [T value, ..] ? value : throw new SystemdException("systemd's answer is not of the form that its interface has");
}
