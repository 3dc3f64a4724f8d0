using System.Security.Cryptography;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Protos.Tests.Commands;

public sealed class CanonicalOrderTests
{
    [Fact]
    public void The_bytes_are_those_of_the_format_for_ever()
    {
        const string expected =
            "686F73746167656E742D636F6D6D616E642D76310A" // hostagent-command-v1\n
            + "00000002" + "6131" // command_id a1
            + "0000000F" + "736572766963652E72657374617274" // service.restart
            + "00000001" + "00000004" + "756E6974" + "00000003" + "782E73" // unit = x.s
            + "00000002" + "00000001" + "61" + "00000001" + "62" // targets a, b
            + "0000000000000001" + "00000000000003E8" + "00001388" // not before, not after, timeout
            + "00000003" + "613D62" + "01"; // a=b, dry run
        Assert.Equal(expected, Convert.ToHexString(CanonicalOrder.Bytes(Order())));
    }

    [Fact]
    public void Every_field_is_under_the_signature()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        OrderSignature signature = OrderSigning.Sign(Order(), "alice", key);
        Assert.True(OrderSigning.Verify(Order(), signature, key));

        Action<OrderBody>[] changes =
        [
            o => o.CommandId = "a2", o => o.Kind = "service.stop", o => o.Args[0].Value = "y.s", o => o.Args[0].Name = "uniu",
            o => o.Args.Add(new Arg { Name = "z" }), o => o.Args.Clear(), o => o.Targets[1] = "c", o => o.Targets.RemoveAt(1),
            o => o.NotBeforeUnixMs++, o => o.NotAfterUnixMs++, o => o.TimeoutMs++, o => o.Precondition = "", o => o.DryRun = false,
        ];
        Assert.Equal(9, OrderBody.Descriptor.Fields.InFieldNumberOrder().Count); // a new field is signed, too: add it above
        Assert.All(changes, change =>
        {
            OrderBody altered = Order();
            change(altered);
            Assert.False(OrderSigning.Verify(altered, signature, key));
        });
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.False(OrderSigning.Verify(Order(), signature, other));
    }

    [Fact]
    public void Parts_that_are_not_ascending_have_no_canonical_form_and_no_valid_signature()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        OrderSignature signature = OrderSigning.Sign(Order(), "alice", key);
        OrderBody order = Order();
        order.Targets.Add("a");
        Assert.Throws<FormatException>(() => CanonicalOrder.Bytes(order));
        Assert.False(OrderSigning.Verify(order, signature, key));
        Assert.False(OrderSigning.Verify(Order(), new OrderSignature { Operator = "alice" }, key));

        order.Targets.RemoveAt(2);
        order.Targets.Insert(0, "b");
        order.Targets.RemoveAt(2);
        CanonicalOrder.Sort(order);
        Assert.True(OrderSigning.Verify(order, signature, key));
    }

    private static OrderBody Order() => new()
    {
        CommandId = "a1",
        Kind = "service.restart",
        Args = { new Arg { Name = "unit", Value = "x.s" } },
        Targets = { "a", "b" },
        NotBeforeUnixMs = 1,
        NotAfterUnixMs = 1000,
        TimeoutMs = 5000,
        Precondition = "a=b",
        DryRun = true,
    };
}
