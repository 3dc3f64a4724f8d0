using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;

namespace HostAgent.Agent.Databases;

/// <summary>A connection that speaks PostgreSQL's protocol 3.0 (manual, "Frontend/Backend Protocol"), as far as commands need it: login, one
/// parameterized statement at a time with values as text, cancellation. The packaged drivers would make the agent's one file a fifth larger.</summary>
internal sealed class PostgresConnection : IAsyncDisposable
{
    /// <summary>Longest time to connect and log in.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private const int Protocol = 196608;
    private const int CancelRequest = 80877102;
    private const int MaxMessageBytes = 4 << 20;

    private readonly ConnectionOptions _options;
    private readonly Stream _stream;
    private int _backend;
    private int _secret;

    private PostgresConnection(ConnectionOptions options, Stream stream)
    {
        _options = options;
        _stream = stream;
    }

    /// <summary>Connects and logs in.</summary>
    /// <param name="options">Where and as whom.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="DatabaseException">It cannot.</exception>
    public static async Task<PostgresConnection> OpenAsync(ConnectionOptions options, string name, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ConnectTimeout);
        try
        {
            var connection = new PostgresConnection(options, await PostgresTransport.ConnectAsync(options, limit.Token));
            try
            {
                await connection.LogInAsync(limit.Token);
                return connection;
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DatabaseException($"{name} cannot be reached: no answer within {ConnectTimeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is SocketException or AuthenticationException or (IOException and not DatabaseException))
        {
            throw new DatabaseException($"{name} cannot be reached: {(e.InnerException ?? e).Message}", e);
        }
    }

    /// <summary>Runs one statement. Returns the number of rows that it changed or returned.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="parameters">Values of $1, $2 ..., as text; the server knows their types.</param>
    /// <param name="onRow">Takes each row, as text.</param>
    /// <param name="cancellation">Cancels it on the server; the connection cannot be used afterwards.</param>
    /// <exception cref="DatabaseException">The server refuses, or the connection broke.</exception>
    public async Task<long> QueryAsync(string sql, IReadOnlyList<string> parameters, Action<string?[]> onRow, CancellationToken cancellation)
    {
        PostgresMessages messages = new PostgresMessages().Begin('P').Text("").Text(sql).Int16(0).End();
        messages.Begin('B').Text("").Text("").Int16(0).Int16((short)parameters.Count);
        foreach (string parameter in parameters)
        {
            byte[] value = Encoding.UTF8.GetBytes(parameter);
            messages.Int32(value.Length).Raw(value);
        }

        messages.Int16(0).End().Begin('E').Text("").Int32(0).End().Begin('S').End();
        try
        {
            await _stream.WriteAsync(messages.Bytes, cancellation);
            return await ReadResultAsync(onRow, cancellation);
        }
        catch (OperationCanceledException)
        {
            await CancelAsync();
            throw;
        }
        catch (Exception e) when (e is SocketException or (IOException and not DatabaseException))
        {
            throw new DatabaseException("the connection to PostgreSQL broke: " + e.Message, e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stream.WriteAsync(new PostgresMessages().Begin('X').End().Bytes).AsTask().WaitAsync(TimeSpan.FromSeconds(1));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException or TimeoutException)
        {
            // It ends one way or the other.
        }

        await _stream.DisposeAsync();
    }

    private async Task<long> ReadResultAsync(Action<string?[]> onRow, CancellationToken cancellation)
    {
        long count = 0;
        DatabaseException? fault = null;
        while (true)
        {
            (char type, byte[] content) = await ReadAsync(cancellation);
            switch (type)
            {
                case 'D':
                    onRow(new PostgresFields(content).Row());
                    break;
                case 'C':
                    string tag = new PostgresFields(content).Text();
                    _ = long.TryParse(tag[(tag.LastIndexOf(' ') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out count);
                    break;
                case 'E':
                    fault = Fault(content);
                    break;
                case 'Z':
                    return fault is null ? count : throw fault;
            }
        }
    }

    private async Task LogInAsync(CancellationToken cancellation)
    {
        PostgresMessages start = new PostgresMessages().Begin('\0').Int32(Protocol).Text("user").Text(_options.User);
        start.Text("database").Text(_options.Database ?? _options.User).Text("application_name").Text("hostagent").Text("client_encoding").Text("UTF8").Raw([0]).End();
        await _stream.WriteAsync(start.Bytes, cancellation);
        ScramLogin? scram = null;
        bool isProven = true;
        while (true)
        {
            (char type, byte[] content) = await ReadAsync(cancellation);
            switch (type)
            {
                case 'R':
                    int method = new PostgresFields(content).Int32();
                    scram ??= method == 10 ? new ScramLogin(Password(), Convert.ToBase64String(RandomNumberGenerator.GetBytes(18))) : null;
                    isProven = method switch { 10 or 11 => false, 12 => scram is not null && scram.IsServerGenuine(Encoding.UTF8.GetString(content.AsSpan(4))), _ => isProven };
                    if (method == 12 && !isProven)
                    {
                        throw new DatabaseException("the server does not know the password itself: it is not the one it claims to be");
                    }

                    if (Answer(method, content, scram) is { } answer)
                    {
                        await _stream.WriteAsync(answer.Bytes, cancellation);
                    }

                    break;
                case 'K':
                    (_backend, _secret) = (BinaryPrimitives.ReadInt32BigEndian(content), BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(4)));
                    break;
                case 'E':
                    throw Fault(content);
                case 'Z':
                    return;
            }

            if (type == 'R' && !isProven && new PostgresFields(content).Int32() == 0)
            {
                throw new DatabaseException("the server ended the login without proving itself");
            }
        }
    }

    // Authentication requests: 0 ok, 3 cleartext, 5 MD5, 10 SASL, 11 and 12 its continuation and end.
    private PostgresMessages? Answer(int method, byte[] content, ScramLogin? scram)
    {
        switch (method)
        {
            case 0 or 12:
                return null;
            case 3 when _stream is not NetworkStream || _options.Host.StartsWith('/'):
                return new PostgresMessages().Begin('p').Text(Password()).End();
            case 3:
                throw new DatabaseException("the server wants the password in clear over a connection that is not encrypted: set sslmode");
            case 5:
                throw new DatabaseException("the server wants an MD5 password: set password_encryption = scram-sha-256 there and the password anew");
            case 10 when Encoding.ASCII.GetString(content.AsSpan(4)).Split('\0').Contains("SCRAM-SHA-256"):
                byte[] first = Encoding.UTF8.GetBytes(scram!.First);
                return new PostgresMessages().Begin('p').Text("SCRAM-SHA-256").Int32(first.Length).Raw(first).End();
            case 11 when scram is not null:
                return new PostgresMessages().Begin('p').Raw(Encoding.UTF8.GetBytes(scram.Final(Encoding.UTF8.GetString(content.AsSpan(4))))).End();
            default:
                throw new DatabaseException($"the server wants a login that the agent does not have (method {method}): use scram-sha-256");
        }
    }

    private string Password() => _options.Password ?? throw new DatabaseException("the server wants a password, and the database's URL has none");

    private async Task<(char Type, byte[] Content)> ReadAsync(CancellationToken cancellation)
    {
        byte[] head = new byte[5];
        await _stream.ReadExactlyAsync(head, cancellation);
        int length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4;
        if (length is < 0 or > MaxMessageBytes)
        {
            throw new DatabaseException($"the server's message has {length} bytes: it is not PostgreSQL, or the answer is too large");
        }

        byte[] content = new byte[length];
        await _stream.ReadExactlyAsync(content, cancellation);
        return ((char)head[0], head[0] is not ((byte)'R' or (byte)'K') || length >= (head[0] == (byte)'K' ? 8 : 4)
            ? content : throw new DatabaseException("the server's message is none of PostgreSQL's"));
    }

    // A cancel request is a connection of its own.
    private async Task CancelAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await using Stream stream = await PostgresTransport.ConnectAsync(_options, limit.Token);
            await stream.WriteAsync(new PostgresMessages().Begin('\0').Int32(CancelRequest).Int32(_backend).Int32(_secret).End().Bytes, limit.Token);
            await stream.FlushAsync(limit.Token);
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, limit.Token); // the server closes when it has taken it
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            // Then the statement runs to its end there; the command ends here all the same.
        }
    }

    private static DatabaseException Fault(byte[] content)
    {
        (string state, string text) = new PostgresFields(content).Error();
        return new DatabaseException($"PostgreSQL: {text} (SQLSTATE {state}){Advice(state)}");
    }

    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static string Advice(string state) => state switch
    {
        "53300" => ": all connections are taken; only a superuser (or, from version 16, pg_use_reserved_connections) still gets in: give the agent's role that",
        "28P01" or "28000" => ": the password or the role in the agent's file is not what the server expects, or pg_hba.conf does not let it in",
        "42501" => ": the role lacks a right; for other roles' sessions it must be a member of pg_signal_backend, for tables it must own them",
        "42P01" => ": there is no such table in the database that the agent's file names",
        _ => "",
    };
}
