using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>ppoll(2) on one descriptor.</summary>
internal static unsafe partial class PollCall
{
    /// <summary>There is data to read (POLLIN).</summary>
    public const short Readable = 0x001;

    /// <summary>Something exceptional: a changed mount table, a pressure trigger (POLLPRI).</summary>
    public const short Priority = 0x002;

    /// <summary>Waits until one of <paramref name="events"/> happens, or for <paramref name="timeout"/> of the monotonic clock (nothing
    /// shorter), or until a signal. Returns the events that happened, or 0.</summary>
    public static short Wait(int descriptor, short events, TimeSpan timeout)
    {
        var poll = new PollDescriptor { Descriptor = descriptor, Events = events };
        long ticks = Math.Max(timeout.Ticks, 0);
        var limit = new Timespec { Seconds = ticks / TimeSpan.TicksPerSecond, Nanoseconds = ticks % TimeSpan.TicksPerSecond * 100 };
        return Native(&poll, 1, &limit, null) > 0 ? poll.Happened : (short)0;
    }

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static partial int Native(PollDescriptor* descriptors, nuint count, Timespec* timeout, void* signals);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
