using Microsoft.Data.Sqlite;

namespace HostAgent.Aggregator.Storage.Sqlite;

/// <summary>A prepared statement whose parameters are ?1, ?2 and so on.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteCommand _command;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
    }

    /// <summary>Binds and runs it; returns the number of rows changed.</summary>
    public int Run(SqliteTransaction scope, params ReadOnlySpan<object> values)
    {
        Bind(scope, values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Binds it and returns its rows.</summary>
    public SqliteDataReader Query(params ReadOnlySpan<object> values)
    {
        Bind(null, values);
        return _command.ExecuteReader();
    }

    public void Dispose() => _command.Dispose();

    private void Bind(SqliteTransaction? scope, ReadOnlySpan<object> values)
    {
        while (_command.Parameters.Count < values.Length)
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = $"?{_command.Parameters.Count + 1}" });
        }

        for (int i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i];
        }

        _command.Transaction = scope;
    }
}
