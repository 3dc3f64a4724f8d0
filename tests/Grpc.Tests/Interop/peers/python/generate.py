"""Generates grpcio code from .proto files into a folder that ends with this process, and makes it importable."""

import atexit
import shutil
import sys
import tempfile

import grpc
from grpc_tools import protoc


def import_protos(root, *files):
    folder = tempfile.mkdtemp(prefix="grpc-peer-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if protoc.main(["protoc", f"-I{root}", f"--python_out={folder}", f"--grpc_python_out={folder}", *files]) != 0:
        sys.exit("protoc failed")
    sys.path.append(folder)

    # Modules generated from grpc/*.proto belong to the installed package of that name: let it look in the folder too.
    grpc.__path__.append(folder + "/grpc")
