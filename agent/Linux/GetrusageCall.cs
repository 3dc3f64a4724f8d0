using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>getrusage(2) of this process.</summary>
internal static unsafe partial class GetrusageCall
{
    /// <summary>Context switches since the start: voluntary ones (each is one wake-up later on) and involuntary ones.</summary>
    public static (long Voluntary, long Involuntary) ContextSwitches()
    {
        Layout usage = default;
        return Native(0, &usage) == 0 ? (usage.Voluntary, usage.Involuntary) : (0, 0);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int Native(int who, Layout* usage);

    // struct rusage: two timevals, then fourteen longs of which the last two are the switches; musl adds 16 reserved ones.
    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        public fixed long Times[4];
        public fixed long Others[12];
        public long Voluntary;
        public long Involuntary;
        public fixed long Reserved[16];
    }
}
