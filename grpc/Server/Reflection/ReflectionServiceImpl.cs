using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace Grpc.Reflection;

/// <summary>Answers grpc.reflection.v1: describes services to tools that have no .proto files.</summary>
public class ReflectionServiceImpl : ServerReflection.ServerReflectionBase
{
    private readonly Lazy<SymbolRegistry> _symbols;

    /// <param name="services">The services to describe.</param>
    public ReflectionServiceImpl(IEnumerable<ServiceDescriptor> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _symbols = new Lazy<SymbolRegistry>(() => new SymbolRegistry(services));
    }

    /// <param name="services">The services to describe.</param>
    public ReflectionServiceImpl(params ServiceDescriptor[] services)
        : this((IEnumerable<ServiceDescriptor>)services)
    {
    }

    /// <inheritdoc/>
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(requestStream);
        ArgumentNullException.ThrowIfNull(responseStream);
        while (await requestStream.MoveNext())
        {
            ServerReflectionRequest request = requestStream.Current;
            ServerReflectionResponse response = Answer(request);
            response.ValidHost = request.Host;
            response.OriginalRequest = request;
            await responseStream.WriteAsync(response);
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        SymbolRegistry symbols = _symbols.Value;
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                var list = new ListServiceResponse();
                list.Service.AddRange(symbols.Services.Select(static name => new ServiceResponse { Name = name }));
                return new ServerReflectionResponse { ListServicesResponse = list };
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                return Files(symbols.FileByName(request.FileByFilename), $"file {request.FileByFilename}");
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                return Files(symbols.FileOfSymbol(request.FileContainingSymbol), $"symbol {request.FileContainingSymbol}");
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension:
                ExtensionRequest wanted = request.FileContainingExtension;
                return Files(
                    symbols.FileOfExtension(wanted.ContainingType, wanted.ExtensionNumber),
                    $"extension {wanted.ExtensionNumber} of {wanted.ContainingType}");
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
                return Extensions(symbols, request.AllExtensionNumbersOfType);
            case ServerReflectionRequest.MessageRequestOneofCase.None:
            default:
                return Error(StatusCode.Unimplemented, "The request asks for nothing that is known here.");
        }
    }

    private static ServerReflectionResponse Extensions(SymbolRegistry symbols, string type)
    {
        if (symbols.FileOfSymbol(type) is null)
        {
            return Error(StatusCode.NotFound, $"There is no type {type}.");
        }

        var numbers = new ExtensionNumberResponse { BaseTypeName = type };
        numbers.ExtensionNumber.AddRange(symbols.ExtensionsOf(type));
        return new ServerReflectionResponse { AllExtensionNumbersResponse = numbers };
    }

    private static ServerReflectionResponse Files(FileDescriptor? file, string what)
    {
        if (file is null)
        {
            return Error(StatusCode.NotFound, $"There is no {what}.");
        }

        var files = new FileDescriptorResponse();
        files.FileDescriptorProto.AddRange(SymbolRegistry.WithImports(file).Select(static f => f.SerializedData));
        return new ServerReflectionResponse { FileDescriptorResponse = files };
    }

    private static ServerReflectionResponse Error(StatusCode code, string message)
        => new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };
}
