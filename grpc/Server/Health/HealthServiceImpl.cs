using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;

namespace Grpc.HealthCheck;

/// <summary>Answers grpc.health.v1: whether services are able to serve. What is not set is not known.</summary>
public class HealthServiceImpl : Health.V1.Health.HealthBase
{
    /// <summary>Services that one reply of List names; more is a mistake of the server (health-checking.md).</summary>
    private const int MaxListed = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HealthCheckResponse.Types.ServingStatus> _statuses = new(StringComparer.Ordinal);
    private readonly List<Watcher> _watchers = [];

    /// <summary>Sets the status of a service; the empty name stands for the server as a whole.</summary>
    public void SetStatus(string service, HealthCheckResponse.Types.ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            _statuses[service] = status;
            Tell(service);
        }
    }

    /// <summary>Forgets a service.</summary>
    public void ClearStatus(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            _statuses.Remove(service);
            Tell(service);
        }
    }

    /// <summary>Forgets all services.</summary>
    public void ClearAll()
    {
        lock (_gate)
        {
            _statuses.Clear();
            foreach (Watcher watcher in _watchers)
            {
                watcher.Changes.Writer.TryWrite(StatusOf(watcher.Service));
            }
        }
    }

    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate)
        {
            return _statuses.TryGetValue(request.Service, out HealthCheckResponse.Types.ServingStatus status)
                ? Task.FromResult(new HealthCheckResponse { Status = status })
                : throw new RpcException(new Status(StatusCode.NotFound, "The service is not known."));
        }
    }

    /// <inheritdoc/>
    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        var reply = new HealthListResponse();
        lock (_gate)
        {
            if (_statuses.Count > MaxListed)
            {
                throw new RpcException(new Status(StatusCode.ResourceExhausted, $"There are more than {MaxListed} services."));
            }

            foreach ((string service, HealthCheckResponse.Types.ServingStatus status) in _statuses)
            {
                reply.Statuses.Add(service, new HealthCheckResponse { Status = status });
            }
        }

        return Task.FromResult(reply);
    }

    /// <inheritdoc/>
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(responseStream);
        ArgumentNullException.ThrowIfNull(context);
        var watcher = new Watcher(request.Service);
        lock (_gate)
        {
            watcher.Changes.Writer.TryWrite(StatusOf(watcher.Service));
            _watchers.Add(watcher);
        }

        try
        {
            HealthCheckResponse.Types.ServingStatus? last = null;
            await foreach (HealthCheckResponse.Types.ServingStatus status in watcher.Changes.Reader.ReadAllAsync(context.CancellationToken))
            {
                if (status != last)
                {
                    last = status;
                    await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(watcher);
            }
        }
    }

    private void Tell(string service)
    {
        foreach (Watcher watcher in _watchers)
        {
            if (watcher.Service == service)
            {
                watcher.Changes.Writer.TryWrite(StatusOf(service));
            }
        }
    }

    private HealthCheckResponse.Types.ServingStatus StatusOf(string service)
        => _statuses.TryGetValue(service, out HealthCheckResponse.Types.ServingStatus status)
            ? status
            : HealthCheckResponse.Types.ServingStatus.ServiceUnknown;

    /// <summary>A slow watcher sees the last status, not every one in between.</summary>
    private sealed class Watcher(string service)
    {
        public string Service { get; } = service;

        public Channel<HealthCheckResponse.Types.ServingStatus> Changes { get; } =
            Channel.CreateBounded<HealthCheckResponse.Types.ServingStatus>(
                new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    }
}
