namespace HostAgent.Agent.Databases;

/// <summary>A client's session with PostgreSQL, a row of pg_stat_activity.</summary>
/// <param name="Pid">Its backend.</param>
/// <param name="Started">When it began, microseconds since 1970: with the number it names the session for good.</param>
/// <param name="User">Role.</param>
/// <param name="Database">Database.</param>
/// <param name="Application">application_name.</param>
/// <param name="Client">Where it comes from; empty for the local socket.</param>
/// <param name="State">active, idle, idle in transaction ...</param>
/// <param name="StateSeconds">For how long it has been so.</param>
internal sealed record Session(int Pid, long Started, string User, string Database, string Application, string Client, string State, long StateSeconds)
{
    /// <summary>For people.</summary>
    public override string ToString()
        => $"{Pid} ({User}@{Database}{(Application.Length > 0 ? ", " + Application : "")}{(Client.Length > 0 ? ", from " + Client : "")}, {State} for {TimeSpan.FromSeconds(StateSeconds):c})";
}
