using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Memory;

namespace HostAgent.Aggregator.Tests.Storage.Memory;

public sealed class MemoryBackendTests : StorageContract
{
    protected override IStorageBackend Create() => new MemoryBackend();

    protected override IStorageBackend Reopen(IStorageBackend old) => ((MemoryBackend)old).Reopen();
}
