"""Generates grpcio code from the .proto files into a folder that ends with this process, and makes it importable."""

import atexit
import shutil
import sys
import tempfile


def import_protos(root, *files):
    from grpc_tools import protoc

    folder = tempfile.mkdtemp(prefix="grpc-peer-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if protoc.main(["protoc", f"-I{root}", f"--python_out={folder}", f"--grpc_python_out={folder}", *files]) != 0:
        sys.exit("protoc failed")

    # The generated modules are called grpc.testing.*: let the installed package "grpc" look for them in that folder too.
    import grpc

    grpc.__path__.append(folder + "/grpc")
