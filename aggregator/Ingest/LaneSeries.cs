using HostAgent.Aggregator.Storage;
using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest;

/// <summary>An announced series of a lane: what the agent said and which series of the store it is (null once it has ended).</summary>
internal readonly record struct LaneSeries(SeriesDef Said, SeriesEntry? Entry, ValueScale Scale);
