using Google.Protobuf.Reflection;

namespace Grpc.Reflection;

/// <summary>Which file defines what, over the files of some services and all that they import.</summary>
internal sealed class SymbolRegistry
{
    private readonly SortedSet<string> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string Type, int Number), FileDescriptor> _extensions = [];

    public SymbolRegistry(IEnumerable<ServiceDescriptor> services)
    {
        foreach (ServiceDescriptor service in services)
        {
            _services.Add(service.FullName);
            foreach (FileDescriptor file in WithImports(service.File))
            {
                Add(file);
            }
        }
    }

    /// <summary>Full names, sorted.</summary>
    public IEnumerable<string> Services => _services;

    public FileDescriptor? FileByName(string name) => _files.GetValueOrDefault(name);

    public FileDescriptor? FileOfSymbol(string fullName) => _symbols.GetValueOrDefault(fullName);

    public FileDescriptor? FileOfExtension(string type, int number) => _extensions.GetValueOrDefault((type, number));

    /// <summary>Numbers of the extensions of a message, sorted.</summary>
    public IEnumerable<int> ExtensionsOf(string type) => _extensions.Keys.Where(key => key.Type == type).Select(static key => key.Number);

    /// <summary>A file and all that it imports, itself first.</summary>
    public static IEnumerable<FileDescriptor> WithImports(FileDescriptor file)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var queue = new Queue<FileDescriptor>([file]);
        while (queue.TryDequeue(out FileDescriptor? next))
        {
            if (!seen.Add(next.Name))
            {
                continue;
            }

            yield return next;
            foreach (FileDescriptor import in next.Dependencies)
            {
                queue.Enqueue(import);
            }
        }
    }

    private void Add(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (ServiceDescriptor service in file.Services)
        {
            _symbols[service.FullName] = file;
            foreach (MethodDescriptor method in service.Methods)
            {
                _symbols[method.FullName] = file;
            }
        }

        Add(file, file.EnumTypes);
        AddExtensions(file, file.Extensions);
        foreach (MessageDescriptor message in file.MessageTypes)
        {
            Add(file, message);
        }
    }

    private void Add(FileDescriptor file, MessageDescriptor message)
    {
        _symbols[message.FullName] = file;
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
        {
            _symbols[field.FullName] = file;
        }

        foreach (OneofDescriptor oneof in message.Oneofs)
        {
            _symbols[oneof.FullName] = file;
        }

        Add(file, message.EnumTypes);
        AddExtensions(file, message.Extensions);
        foreach (MessageDescriptor nested in message.NestedTypes)
        {
            Add(file, nested);
        }
    }

    private void Add(FileDescriptor file, IEnumerable<EnumDescriptor> enums)
    {
        foreach (EnumDescriptor type in enums)
        {
            _symbols[type.FullName] = file;
            foreach (EnumValueDescriptor value in type.Values)
            {
                _symbols[value.FullName] = file;
            }
        }
    }

    private void AddExtensions(FileDescriptor file, ExtensionCollection extensions)
    {
        foreach (FieldDescriptor field in extensions.UnorderedExtensions)
        {
            _symbols[field.FullName] = file;
            _extensions[(field.ExtendeeType.FullName, field.FieldNumber)] = file;
        }
    }
}
