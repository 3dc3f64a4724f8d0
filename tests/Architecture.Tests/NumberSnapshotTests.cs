using Google.Protobuf.Reflection;
using HostAgent.V1;

namespace HostAgent.Architecture.Tests;

/// <summary>
/// Numbers on the wire and on disk only grow: an agent of last year talks to today's aggregator and a spool of last year is read.
/// A new field appends a line to Golden/wire-numbers.txt (set UPDATE_GOLDEN=1); a line that changes or goes is a break.
/// </summary>
public sealed class NumberSnapshotTests
{
    private static readonly FileDescriptor[] Files = [TelemetryReflection.Descriptor, EnrolmentReflection.Descriptor, CommandsReflection.Descriptor];

    [Fact]
    public void Wire_numbers_are_the_recorded_ones()
    {
        string[] lines = [.. Files.SelectMany(Describe)];
        Golden.Check("wire-numbers.txt", string.Join('\n', lines) + "\n");
    }

    private static IEnumerable<string> Describe(FileDescriptor file)
    {
        foreach (ServiceDescriptor service in file.Services)
        {
            foreach (MethodDescriptor method in service.Methods)
            {
                yield return $"rpc {service.FullName}/{method.Name} " +
                    $"{(method.IsClientStreaming ? "stream " : "")}{method.InputType.Name} -> {(method.IsServerStreaming ? "stream " : "")}{method.OutputType.Name}";
            }
        }

        foreach (MessageDescriptor message in file.MessageTypes)
        {
            foreach (FieldDescriptor field in message.Fields.InFieldNumberOrder())
            {
                yield return $"field {message.FullName}.{field.Name} = {field.FieldNumber} {(field.IsRepeated ? "repeated " : "")}{field.FieldType}";
            }
        }

        foreach (EnumDescriptor type in file.EnumTypes)
        {
            foreach (EnumValueDescriptor value in type.Values)
            {
                yield return $"enum {type.FullName}.{value.Name} = {value.Number}";
            }
        }
    }
}
