using System.Collections.Concurrent;
using Google.Protobuf.Reflection;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Descriptors of the services that have been mapped, for reflection.</summary>
internal sealed class MappedServices
{
    private readonly ConcurrentDictionary<string, ServiceDescriptor> _descriptors = new(StringComparer.Ordinal);

    public IEnumerable<ServiceDescriptor> Descriptors => _descriptors.Values;

    public void Add(ServiceDescriptor descriptor) => _descriptors[descriptor.FullName] = descriptor;
}
