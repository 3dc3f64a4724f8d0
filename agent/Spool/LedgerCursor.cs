namespace HostAgent.Agent.Spool;

/// <summary>A position in the history of a <see cref="SeriesLedger"/>: how many groups, series and ends it had.</summary>
internal readonly record struct LedgerCursor(int Groups, int Series, int Ended);
