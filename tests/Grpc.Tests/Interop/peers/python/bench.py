"""The grpcio contestant of the gRPC benchmark: `bench.py server|client --protos DIR --certificates DIR [--port N]`.

The server prints {"port": N}. The client prints {"ready": true}; then each line of its standard input names a run,
    {"workload": "unary|duplex", "inFlight": 64, "seconds": 3}
and is answered by {"count": N, "seconds": S}. Both end when standard input does.

Of grpcio's ways of serving and calling, the fastest of each kind: the thread-pool server (faster than the asyncio one),
the asyncio client where calls overlap, and the blocking client for one call at a time.
"""

import argparse
import asyncio
import concurrent.futures
import json
import os
import sys
import time

import grpc

from generate import import_protos

BODY_BYTES = 497  # 500 with the field's tag and length


def serve(options):
    import bench_pb2_grpc

    class Bench(bench_pb2_grpc.BenchServicer):
        def Unary(self, request, context):
            return request

        def Duplex(self, request_iterator, context):
            yield from request_iterator

    server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=8))
    bench_pb2_grpc.add_BenchServicer_to_server(Bench(), server)
    identity = [(read(options, "server.key"), read(options, "server.pem"))]
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials(identity))
    server.start()
    print(json.dumps({"port": port}), flush=True)
    sys.stdin.read()
    server.stop(grace=0).wait()


class Client:
    def __init__(self, options):
        import bench_pb2
        import bench_pb2_grpc

        self.message = bench_pb2.Message(body=bytes(BODY_BYTES))
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        target = f"localhost:{options.port}"
        credentials = grpc.ssl_channel_credentials(read(options, "ca.pem"))
        self.blocking = bench_pb2_grpc.BenchStub(grpc.secure_channel(target, credentials))
        self.overlapping = bench_pb2_grpc.BenchStub(grpc.aio.secure_channel(target, credentials))

    def run(self, workload, in_flight, seconds):
        start = time.monotonic()
        end = start + seconds
        if workload == "unary" and in_flight == 1:
            count = self.one_by_one(end)
        else:
            run = self.unary if workload == "unary" else self.duplex
            count = self.loop.run_until_complete(run(in_flight, end))
        return {"count": count, "seconds": time.monotonic() - start}

    def one_by_one(self, end):
        count = 0
        while time.monotonic() < end:
            self.blocking.Unary(self.message)
            count += 1
        return count

    async def unary(self, in_flight, end):
        async def caller():
            count = 0
            while time.monotonic() < end:
                await self.overlapping.Unary(self.message)
                count += 1
            return count

        return sum(await asyncio.gather(*(caller() for _ in range(in_flight))))

    async def duplex(self, in_flight, end):
        call = self.overlapping.Duplex()
        window = asyncio.Semaphore(in_flight)

        async def write():
            while time.monotonic() < end:
                await window.acquire()
                await call.write(self.message)
            await call.done_writing()

        writing = asyncio.create_task(write())
        count = 0
        while await call.read() is not grpc.aio.EOF:
            count += 1
            window.release()
        await writing
        return count


def answer_runs(options):
    client = Client(options)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        print(json.dumps(client.run(command["workload"], command["inFlight"], command["seconds"])), flush=True)


def read(options, name):
    with open(os.path.join(options.certificates, name), "rb") as file:
        return file.read()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("role", choices=["server", "client"])
    arguments.add_argument("--protos", required=True)
    arguments.add_argument("--certificates", required=True)
    arguments.add_argument("--port", type=int)
    options = arguments.parse_args()
    import_protos(options.protos, "bench.proto")
    if options.role == "server":
        serve(options)
    else:
        answer_runs(options)


main()
