using HostAgent.Agent.Systemd;

namespace HostAgent.Fuzz.Targets;

/// <summary>Messages as whatever listens on systemd's socket could send them.</summary>
internal sealed class DBusMessages : FuzzTarget
{
    public override string Name => "dbus-messages";

    public override IEnumerable<byte[]> Seeds()
    {
        yield return DBusMessage.Call(1, "a.b", "/c", "d.e", "F", "sas", new DBusWriter().String("x").Strings(["y", "zz"]));
        var entries = new DBusWriter();
        entries.Align(8).String("Id").Signature("s").String("x.service").Align(8).String("Ok").Signature("b").Boolean(true)
            .Align(8).String("L").Signature("as").Strings(["a", "b"]);
        yield return DBusMessage.Call(2, null, "/", "i.f", "GetAll", "a{sv}", new DBusWriter().UInt32((uint)entries.Length).Align(8).Raw(entries.Written));
        yield return DBusMessage.Call(3, null, "/", "i.f", "J", "uoss", new DBusWriter().UInt32(9).String("/job/9").String("a.service").String("done"));
    }

    public override bool Run(byte[] input)
    {
        try
        {
            byte[] whole = input.Length < DBusMessage.FixedBytes ? input : input[..Math.Min(input.Length, DBusMessage.TotalBytes(input))];
            object[] values = DBusMessage.Parse(whole).Arguments();
            return values.Length >= 0;
        }
        catch (DBusFormatException)
        {
            return false;
        }
    }
}
