using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Memory;

namespace HostAgent.Aggregator.Tests.Storage.Memory;

public sealed class MemoryDocumentsTests : DocumentContract
{
    protected override IDocumentStore Create() => new MemoryDocuments();

    protected override IDocumentStore Reopen(IDocumentStore store) => ((MemoryDocuments)store).Reopen();
}
