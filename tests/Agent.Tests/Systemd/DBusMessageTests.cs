using System.Buffers.Binary;
using HostAgent.Agent.Systemd;

namespace HostAgent.Agent.Tests.Systemd;

public sealed class DBusMessageTests
{
    [Fact]
    public void A_call_is_written_as_the_specification_says()
    {
        byte[] bytes = DBusMessage.Call(7, "a.b", "/c", "d.e", "F", "s", new DBusWriter().String("x"));
        Assert.Equal(bytes.Length, DBusMessage.TotalBytes(bytes));
        Assert.Equal(
            "6C010001" + "06000000" + "07000000" + "47000000"
            + "01016F00" + "02000000" + "2F630000" + "00000000"
            + "02017300" + "03000000" + "642E6500" + "00000000"
            + "03017300" + "01000000" + "46000000" + "00000000"
            + "06017300" + "03000000" + "612E6200" + "00000000"
            + "08016700" + "01730000"
            + "01000000" + "7800",
            Convert.ToHexString(bytes));
    }

    [Fact]
    public void Every_type_reads_back()
    {
        var body = new DBusWriter();
        body.Byte(200).Boolean(true).Int32(-5).UInt32(4_000_000_000).String("grün").Signature("a{sv}").Strings(["a", "bc"]);
        DBusMessage message = Signal("ybiusgas", body);
        object[] values = message.Arguments();
        Assert.Equal([200L, true, -5L, 4_000_000_000L, "grün", "a{sv}"], values[..6]);
        Assert.Equal(["a", "bc"], (object[])values[6]);
    }

    [Fact]
    public void A_dictionary_of_variants_reads_as_a_dictionary()
    {
        var body = new DBusWriter();
        var entries = new DBusWriter();
        entries.Align(8).String("Id").Signature("s").String("x.service").Align(8).String("Ok").Signature("b").Boolean(true);
        body.UInt32((uint)entries.Length).Align(8).Raw(entries.Written);
        var all = (Dictionary<string, object>)Signal("a{sv}", body).Arguments()[0];
        Assert.Equal(("x.service", true), ((string)all["Id"], (bool)all["Ok"]));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("(s")]
    [InlineData("()")]
    [InlineData("{s")]
    [InlineData("z")]
    [InlineData("s\0")]
    public void A_signature_that_is_none_is_refused(string signature)
        => Assert.Throws<DBusFormatException>(() => Signal(signature, new DBusWriter().String("x").String("y")).Arguments());

    [Fact]
    public void A_length_that_lies_is_refused_before_anything_is_allocated()
    {
        byte[] start = new byte[16];
        start[0] = (byte)'l';
        start[3] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(start.AsSpan(4), uint.MaxValue);
        BinaryPrimitives.WriteUInt32LittleEndian(start.AsSpan(12), uint.MaxValue);
        Assert.Throws<DBusFormatException>(() => DBusMessage.TotalBytes(start));
        Assert.Throws<DBusFormatException>(() => Signal("as", new DBusWriter().UInt32(uint.MaxValue)).Arguments());
        Assert.Throws<DBusFormatException>(() => Signal("s", new DBusWriter().UInt32(uint.MaxValue)).Arguments());
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        var body = new DBusWriter();
        for (int i = 0; i < 1000; i++)
        {
            body.Signature("v");
        }

        Assert.Throws<DBusFormatException>(() => Signal("v", body).Arguments());
        Assert.Throws<DBusFormatException>(() => Signal(new string('a', 200) + "y", body).Arguments());
    }

    [Fact]
    public void A_message_of_very_many_values_is_refused()
        => Assert.Throws<DBusFormatException>(() => Signal("ab", new DBusWriter().UInt32(1_000_000).Raw(new byte[1_000_000])).Arguments());

    [Fact]
    public void Big_endian_reads_as_well()
    {
        byte[] bytes = [(byte)'B', 4, 0, 1, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 7, 8, 1, (byte)'g', 0, 1, (byte)'u', 0, 0, 0, 0, 1, 2];
        Assert.Equal(258L, DBusMessage.Parse(bytes).Arguments()[0]);
    }

    // A signal with this body: the header of a call with the type changed.
    private static DBusMessage Signal(string signature, DBusWriter body)
    {
        byte[] bytes = DBusMessage.Call(1, null, "/x", "a.b", "S", signature, body);
        bytes[1] = DBusMessage.Signal;
        return DBusMessage.Parse(bytes);
    }
}
