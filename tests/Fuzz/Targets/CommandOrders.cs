using Google.Protobuf;
using HostAgent.Agent.Commands.Execution;
using HostAgent.Agent.Commands.Policy;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Fuzz.Targets;

/// <summary>Orders as a taken-over aggregator could send them: form, arguments, precondition and signatures are judged without an exception.</summary>
internal sealed class CommandOrders : FuzzTarget
{
    private static readonly OperatorKeys Nobody = new("/nonexistent");
    private static readonly ArgDef[] Definitions =
    [
        new() { Name = "unit", Type = ArgType.Name, Required = true },
        new() { Name = "wait", Type = ArgType.Duration, Max = 60_000 },
        new() { Name = "path", Type = ArgType.Path },
    ];

    public override string Name => "command-orders";

    public override IEnumerable<byte[]> Seeds()
    {
        var body = new OrderBody
        {
            CommandId = "00112233445566778899aabbccddeeff",
            Kind = "service.restart",
            NotBeforeUnixMs = 1,
            NotAfterUnixMs = 2,
            Precondition = "active_state!=active; sub_state=dead; budget=override",
        };
        body.Args.Add(new Arg { Name = "path", Value = "/var/log/x" });
        body.Args.Add(new Arg { Name = "unit", Value = "nginx.service" });
        body.Args.Add(new Arg { Name = "wait", Value = "30s" });
        body.Targets.Add(new string('a', 32));
        yield return new CommandOrder
        {
            Body = body,
            RequestedBy = "alice",
            Signatures = { new OrderSignature { Operator = "alice", Signature = ByteString.CopyFrom(new byte[64]) } },
        }.ToByteArray();
    }

    public override bool Run(byte[] input)
    {
        CommandOrder order;
        try
        {
            order = CommandOrder.Parser.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }

        if (OrderForm.Fault(order, out byte[] digest) is not null)
        {
            return false;
        }

        if (digest.Length != 32 || Secrets.Without(order, null).Body.Args.Any(static arg => arg.Value != Secrets.NotKept))
        {
            throw new InvalidOperationException("a value of an unknown kind was kept");
        }

        ArgCheck.Check(Definitions, order.Body.Args, out _);
        if ((Precondition.Parse(order.Body.Precondition, out string? fault) is null) != (fault is not null))
        {
            throw new InvalidOperationException("a precondition is neither read nor refused");
        }

        if (Nobody.Verify(order, out string? unsound).Count > 0 || (order.Signatures.Count > 0) != (unsound is not null))
        {
            throw new InvalidOperationException("a signature of nobody counted");
        }

        return true;
    }
}
