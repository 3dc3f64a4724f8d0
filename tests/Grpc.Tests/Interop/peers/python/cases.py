"""The interop cases as a grpcio client. Each function takes a Target and raises AssertionError when the other side is wrong."""

import queue

import grpc

from grpc.testing import messages_pb2 as messages
from grpc.testing import empty_pb2, test_pb2_grpc
from service import INITIAL_KEY, TRAILING_KEY, zeros

CALL_SECONDS = 10
SPECIAL_MESSAGE = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
UP = (27182, 8, 1828, 45904)
DOWN = (31415, 9, 2653, 58979)


class Target:
    """A channel, its stubs, and what the server at the other end can do."""

    def __init__(self, channel, checks_compression):
        self.stub = test_pb2_grpc.TestServiceStub(channel)
        self.nobody = test_pb2_grpc.UnimplementedServiceStub(channel)
        self.checks_compression = checks_compression


def empty_unary(target):
    reply = target.stub.EmptyCall(empty_pb2.Empty(), timeout=CALL_SECONDS)
    expect(reply, empty_pb2.Empty())


def large_unary(target):
    reply = target.stub.UnaryCall(large_request(), timeout=CALL_SECONDS)
    expect(reply.payload.body, bytes(314159))


def client_streaming(target):
    requests = (messages.StreamingInputCallRequest(payload=zeros(size)) for size in UP)
    reply = target.stub.StreamingInputCall(requests, timeout=CALL_SECONDS)
    expect(reply.aggregated_payload_size, 74922)


def server_streaming(target):
    request = messages.StreamingOutputCallRequest(response_parameters=[messages.ResponseParameters(size=size) for size in DOWN])
    replies = list(target.stub.StreamingOutputCall(request, timeout=CALL_SECONDS))
    expect([reply.payload.body for reply in replies], [bytes(size) for size in DOWN])


def ping_pong(target):
    requests = RequestQueue()
    call = target.stub.FullDuplexCall(requests, timeout=CALL_SECONDS)
    for up, down in zip(UP, DOWN):
        requests.send(duplex_request(up, down))
        expect(next(call).payload.body, bytes(down))
    requests.close()
    expect(list(call), [])
    expect(call.code(), grpc.StatusCode.OK)


def empty_stream(target):
    call = target.stub.FullDuplexCall(iter(()), timeout=CALL_SECONDS)
    expect(list(call), [])
    expect(call.code(), grpc.StatusCode.OK)


def timeout_on_sleeping_server(target):
    requests = RequestQueue()
    requests.send(messages.StreamingOutputCallRequest(payload=zeros(27182)))
    call = target.stub.FullDuplexCall(requests, timeout=0.001)
    try:
        expect_error(lambda: next(call), grpc.StatusCode.DEADLINE_EXCEEDED)
    finally:
        requests.close()


def cancel_after_begin(target):
    requests = RequestQueue()
    call = target.stub.StreamingInputCall.future(requests, timeout=CALL_SECONDS)
    call.cancel()
    requests.close()
    expect(call.cancelled(), True)
    expect(call.code(), grpc.StatusCode.CANCELLED)


def cancel_after_first_response(target):
    requests = RequestQueue()
    call = target.stub.FullDuplexCall(requests, timeout=CALL_SECONDS)
    requests.send(duplex_request(27182, 31415))
    expect(next(call).payload.body, bytes(31415))
    call.cancel()
    requests.close()
    expect_error(lambda: next(call), grpc.StatusCode.CANCELLED)


def custom_metadata(target):
    metadata = ((INITIAL_KEY, "test_initial_metadata_value"), (TRAILING_KEY, b"\xab\xab\xab"))
    _, call = target.stub.UnaryCall.with_call(large_request(), metadata=metadata, timeout=CALL_SECONDS)
    expect_echo(call)
    stream = target.stub.FullDuplexCall(iter([duplex_request(271828, 314159)]), metadata=metadata, timeout=CALL_SECONDS)
    expect(len(list(stream)), 1)
    expect_echo(stream)


def status_code_and_message(target):
    status = messages.EchoStatus(code=2, message="test status message")
    expect_status(lambda: target.stub.UnaryCall(messages.SimpleRequest(response_status=status), timeout=CALL_SECONDS), status)
    requests = iter([messages.StreamingOutputCallRequest(response_status=status)])
    expect_status(lambda: list(target.stub.FullDuplexCall(requests, timeout=CALL_SECONDS)), status)


def special_status_message(target):
    status = messages.EchoStatus(code=2, message=SPECIAL_MESSAGE)
    expect_status(lambda: target.stub.UnaryCall(messages.SimpleRequest(response_status=status), timeout=CALL_SECONDS), status)


def unimplemented_method(target):
    expect_error(lambda: target.stub.UnimplementedCall(empty_pb2.Empty(), timeout=CALL_SECONDS), grpc.StatusCode.UNIMPLEMENTED)


def unimplemented_service(target):
    expect_error(lambda: target.nobody.UnimplementedCall(empty_pb2.Empty(), timeout=CALL_SECONDS), grpc.StatusCode.UNIMPLEMENTED)


def client_compressed_unary(target):
    def call(claimed, algorithm):
        request = large_request(expect_compressed=messages.BoolValue(value=claimed))
        return target.stub.UnaryCall(request, compression=algorithm, timeout=CALL_SECONDS)

    if target.checks_compression:
        expect_error(lambda: call(True, grpc.Compression.NoCompression), grpc.StatusCode.INVALID_ARGUMENT)
    expect(call(True, grpc.Compression.Gzip).payload.body, bytes(314159))
    expect(call(False, grpc.Compression.NoCompression).payload.body, bytes(314159))


def client_compressed_streaming(target):
    # grpcio's client chooses compression per call, so the compressed and the plain message go in two calls.
    def call(claimed, size, algorithm):
        request = messages.StreamingInputCallRequest(expect_compressed=messages.BoolValue(value=claimed), payload=zeros(size))
        return target.stub.StreamingInputCall(iter([request]), compression=algorithm, timeout=CALL_SECONDS)

    if target.checks_compression:
        expect_error(lambda: call(True, 27182, grpc.Compression.NoCompression), grpc.StatusCode.INVALID_ARGUMENT)
    expect(call(True, 27182, grpc.Compression.Gzip).aggregated_payload_size, 27182)
    expect(call(False, 45904, grpc.Compression.NoCompression).aggregated_payload_size, 45904)


def server_compressed_unary(target):
    for compressed in (True, False):
        request = large_request(response_compressed=messages.BoolValue(value=compressed))
        expect(target.stub.UnaryCall(request, timeout=CALL_SECONDS).payload.body, bytes(314159))


def server_compressed_streaming(target):
    wanted = [
        messages.ResponseParameters(size=31415, compressed=messages.BoolValue(value=True)),
        messages.ResponseParameters(size=92653, compressed=messages.BoolValue(value=False)),
    ]
    request = messages.StreamingOutputCallRequest(response_parameters=wanted)
    replies = list(target.stub.StreamingOutputCall(request, timeout=CALL_SECONDS))
    expect([reply.payload.body for reply in replies], [bytes(31415), bytes(92653)])


class RequestQueue:
    """An iterator that grpcio's sending thread reads and that ends when closed, so that no thread outlives its call."""

    def __init__(self):
        self._queue = queue.Queue()

    def send(self, request):
        self._queue.put(request)

    def close(self):
        self._queue.put(None)

    def __iter__(self):
        return self

    def __next__(self):
        request = self._queue.get()
        if request is None:
            raise StopIteration
        return request


def large_request(**more):
    return messages.SimpleRequest(response_size=314159, payload=zeros(271828), **more)


def duplex_request(up, down):
    return messages.StreamingOutputCallRequest(payload=zeros(up), response_parameters=[messages.ResponseParameters(size=down)])


def expect(actual, wanted):
    if actual != wanted:
        raise AssertionError(f"expected {shortened(wanted)}, got {shortened(actual)}")


def shortened(value):
    if isinstance(value, bytes) and len(value) > 20:
        return f"{len(value)} bytes"
    return [shortened(item) for item in value] if isinstance(value, list) else repr(value)


def expect_error(action, code):
    try:
        result = action()
    except grpc.RpcError as error:
        if error.code() != code:
            raise AssertionError(f"expected {code.name}, got {error.code().name}: {error.details()}") from error
        return error
    raise AssertionError(f"expected {code.name}, got a result: {type(result).__name__}")


def expect_status(action, status):
    error = expect_error(action, grpc.StatusCode.UNKNOWN)
    expect(error.details(), status.message)


def expect_echo(call):
    expect(dict(call.initial_metadata()).get(INITIAL_KEY), "test_initial_metadata_value")
    expect(dict(call.trailing_metadata()).get(TRAILING_KEY), b"\xab\xab\xab")


CASES = {
    case.__name__: case
    for case in (
        empty_unary, large_unary, client_streaming, server_streaming, ping_pong, empty_stream, timeout_on_sleeping_server,
        cancel_after_begin, cancel_after_first_response, custom_metadata, status_code_and_message, special_status_message,
        unimplemented_method, unimplemented_service, client_compressed_unary, server_compressed_unary,
        client_compressed_streaming, server_compressed_streaming,
    )
}
