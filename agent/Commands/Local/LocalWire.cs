using System.Buffers.Binary;
using System.Net.Sockets;
using Google.Protobuf;

namespace HostAgent.Agent.Commands.Local;

/// <summary>What goes over the socket between <c>hostagent execute</c> and the agent: the order one way, its reports the other, each preceded by its length
/// as a little-endian u32.</summary>
internal static class LocalWire
{
    /// <summary>Name of the socket in the state directory.</summary>
    public const string SocketName = "commands.sock";

    private const int MaxBytes = 1 << 20;

    /// <summary>Sends a message.</summary>
    /// <exception cref="SocketException">The other side is gone.</exception>
    public static async Task SendAsync(Socket socket, IMessage message, CancellationToken cancellation)
    {
        byte[] bytes = new byte[sizeof(int) + message.CalculateSize()];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - sizeof(int));
        message.WriteTo(bytes.AsSpan(sizeof(int)));
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Receives a message; null when the other side has ended.</summary>
    /// <exception cref="SocketException">The other side is gone.</exception>
    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public static async Task<T?> ReceiveAsync<T>(Socket socket, MessageParser<T> parser, CancellationToken cancellation)
        where T : class, IMessage<T>
    {
        byte[] head = new byte[sizeof(int)];
        if (!await FillAsync(socket, head, cancellation).ConfigureAwait(false))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(head);
        byte[] bytes = length is >= 0 and <= MaxBytes ? new byte[length] : throw new InvalidDataException($"a message of {length} bytes");
        try
        {
            return await FillAsync(socket, bytes, cancellation).ConfigureAwait(false) ? parser.ParseFrom(bytes) : null;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException("a message that does not read", e);
        }
    }

    private static async Task<bool> FillAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellation)
    {
        while (buffer.Length > 0)
        {
            int count = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellation).ConfigureAwait(false);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }
}
