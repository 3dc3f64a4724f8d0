"""A grpcio peer for the interop tests: an interop server on three ports, and a client that runs the cases it is told to.

Prints one line of JSON with the ports. Then each line of standard input names a case and where to run it:
    {"case": "empty_unary", "target": "localhost:1234", "security": "plaintext|tls|mtls", "checksCompression": true}
and is answered by a line {"passed": true} or {"passed": false, "failure": "..."}. Ends when standard input does, so
that it never outlives the test that started it.
"""

import argparse
import concurrent.futures
import json
import os
import sys
import traceback

import grpc

from generate import import_protos


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--protos", required=True)
    arguments.add_argument("--certificates", required=True)
    options = arguments.parse_args()
    import_protos(options.protos, "grpc/testing/empty.proto", "grpc/testing/messages.proto", "grpc/testing/test.proto")

    from cases import CASES, Target

    server, ports = start_server(options.certificates)
    print(json.dumps(ports), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        try:
            with open_channel(command, options.certificates) as channel:
                CASES[command["case"]](Target(channel, command["checksCompression"]))
            answer = {"passed": True}
        except Exception:
            answer = {"passed": False, "failure": traceback.format_exc(limit=-3)}
        print(json.dumps(answer), flush=True)
    server.stop(grace=0).wait()


def start_server(certificates):
    from grpc.testing import test_pb2_grpc
    from service import TestService

    # grpcio's server thread pool also serves the streams, one thread each.
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=16))
    test_pb2_grpc.add_TestServiceServicer_to_server(TestService(), server)
    identity = [(read(certificates, "server.key"), read(certificates, "server.pem"))]
    authority = read(certificates, "ca.pem")
    ports = {
        "plaintext": server.add_insecure_port("127.0.0.1:0"),
        "tls": server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials(identity)),
        "mtls": server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials(identity, authority, require_client_auth=True)),
    }
    server.start()
    return server, ports


def open_channel(command, certificates):
    if command["security"] == "plaintext":
        return grpc.insecure_channel(command["target"])
    authority = read(certificates, "ca.pem")
    if command["security"] == "tls":
        return grpc.secure_channel(command["target"], grpc.ssl_channel_credentials(authority))
    key, chain = read(certificates, "client.key"), read(certificates, "client.pem")
    return grpc.secure_channel(command["target"], grpc.ssl_channel_credentials(authority, key, chain))


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


main()
