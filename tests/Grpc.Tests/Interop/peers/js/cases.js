'use strict';

// The interop cases as a grpc-js client. Each function takes a Target (see peer.js) and throws when the other side is wrong.

const assert = require('node:assert');
const grpc = require('@grpc/grpc-js');
const { zeros, INITIAL_KEY, TRAILING_KEY } = require('./service');

const SPECIAL_MESSAGE = '\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n';
const UP = [27182, 8, 1828, 45904];
const DOWN = [31415, 9, 2653, 58979];
const NO_COMPRESS = 2; // the write flag that exempts one message of a compressed call

const soon = () => ({ deadline: Date.now() + 10_000 });

/** One unary call: its response, both metadata and status; never rejects. */
function unary(client, method, request, metadata = new grpc.Metadata()) {
  return new Promise((resolve) => {
    const result = {};
    const call = client[method](request, metadata, soon(), (error, response) => {
      result.error = error;
      result.response = response;
    });
    call.on('metadata', (headers) => { result.headers = headers; });
    call.on('status', (status) => { result.status = status; setImmediate(() => resolve(result)); });
  });
}

/** A client-streaming call: the caller writes, `done` gives { error, response }. */
function streamUp(client) {
  let settle;
  const done = new Promise((resolve) => { settle = resolve; });
  const call = client.StreamingInputCall(new grpc.Metadata(), soon(), (error, response) => settle({ error, response }));
  return { call, done };
}

/** Collects a stream of responses until its status; `next` gives each response as it arrives. */
function collect(call) {
  const waiting = [];
  const arrived = [];
  const result = { responses: [] };
  call.on('metadata', (headers) => { result.headers = headers; });
  call.on('data', (response) => {
    result.responses.push(response);
    const waiter = waiting.shift();
    if (waiter) {
      waiter(response);
    } else {
      arrived.push(response);
    }
  });
  call.on('error', () => {}); // the status event says the same
  const done = new Promise((resolve) => {
    call.on('status', (status) => {
      result.status = status;
      waiting.forEach((waiter) => waiter(undefined));
      setImmediate(() => resolve(result));
    });
  });
  const next = () => (arrived.length > 0 ? Promise.resolve(arrived.shift()) : new Promise((resolve) => { waiting.push(resolve); }));
  return { done, next };
}

const largeRequest = (more = {}) => ({ response_size: 314159, payload: zeros(271828), ...more });
const duplexRequest = (up, down) => ({ payload: zeros(up), response_parameters: [{ size: down }] });

function assertZeros(payload, size) {
  assert.strictEqual(payload.body.length, size);
  assert.ok(payload.body.every((byte) => byte === 0), 'payload is not all zeros');
}

function assertSizes(responses, sizes) {
  assert.strictEqual(responses.length, sizes.length);
  responses.forEach((response, index) => assertZeros(response.payload, sizes[index]));
}

function assertStatus(status, code, details) {
  assert.strictEqual(status.code, code, `status ${status.code}: ${status.details}`);
  if (details !== undefined) {
    assert.strictEqual(status.details, details);
  }
}

function assertEcho(result) {
  assertStatus(result.status, grpc.status.OK);
  assert.deepStrictEqual(result.headers.get(INITIAL_KEY), ['test_initial_metadata_value']);
  assert.deepStrictEqual(result.status.metadata.get(TRAILING_KEY), [Buffer.from([0xab, 0xab, 0xab])]);
}

const cases = {
  async empty_unary({ plain }) {
    const result = await unary(plain, 'EmptyCall', {});
    assertStatus(result.status, grpc.status.OK);
    assert.deepStrictEqual({ ...result.response }, {});
  },

  async large_unary({ plain }) {
    const result = await unary(plain, 'UnaryCall', largeRequest());
    assertStatus(result.status, grpc.status.OK);
    assertZeros(result.response.payload, 314159);
  },

  async client_streaming({ plain }) {
    const { call, done } = streamUp(plain);
    UP.forEach((size) => call.write({ payload: zeros(size) }));
    call.end();
    const { error, response } = await done;
    assert.ifError(error);
    assert.strictEqual(response.aggregated_payload_size, 74922);
  },

  async server_streaming({ plain }) {
    const request = { response_parameters: DOWN.map((size) => ({ size })) };
    const result = await collect(plain.StreamingOutputCall(request, soon())).done;
    assertStatus(result.status, grpc.status.OK);
    assertSizes(result.responses, DOWN);
  },

  async ping_pong({ plain }) {
    const call = plain.FullDuplexCall(soon());
    const { done, next } = collect(call);
    for (let i = 0; i < UP.length; i++) {
      call.write(duplexRequest(UP[i], DOWN[i]));
      const response = await next();
      assert.ok(response, 'the stream ended early');
    }
    call.end();
    const result = await done;
    assertStatus(result.status, grpc.status.OK);
    assertSizes(result.responses, DOWN);
  },

  async empty_stream({ plain }) {
    const call = plain.FullDuplexCall(soon());
    call.end();
    const result = await collect(call).done;
    assertStatus(result.status, grpc.status.OK);
    assertSizes(result.responses, []);
  },

  async timeout_on_sleeping_server({ plain }) {
    const call = plain.FullDuplexCall({ deadline: Date.now() + 1 });
    call.write({ payload: zeros(27182) });
    const result = await collect(call).done;
    assertStatus(result.status, grpc.status.DEADLINE_EXCEEDED);
  },

  async cancel_after_begin({ plain }) {
    const { call, done } = streamUp(plain);
    call.cancel();
    const { error } = await done;
    assertStatus(error, grpc.status.CANCELLED);
  },

  async cancel_after_first_response({ plain }) {
    const call = plain.FullDuplexCall(soon());
    const { done, next } = collect(call);
    call.write(duplexRequest(27182, 31415));
    assertZeros((await next()).payload, 31415);
    call.cancel();
    assertStatus((await done).status, grpc.status.CANCELLED);
  },

  async custom_metadata({ plain }) {
    const metadata = new grpc.Metadata();
    metadata.set(INITIAL_KEY, 'test_initial_metadata_value');
    metadata.set(TRAILING_KEY, Buffer.from([0xab, 0xab, 0xab]));
    assertEcho(await unary(plain, 'UnaryCall', largeRequest(), metadata));
    const call = plain.FullDuplexCall(metadata, soon());
    call.write(duplexRequest(271828, 314159));
    call.end();
    const result = await collect(call).done;
    assertEcho(result);
    assertSizes(result.responses, [314159]);
  },

  async status_code_and_message({ plain }) {
    const wanted = { code: 2, message: 'test status message' };
    const result = await unary(plain, 'UnaryCall', { response_status: wanted });
    assertStatus(result.status, wanted.code, wanted.message);
    const call = plain.FullDuplexCall(soon());
    call.write({ response_status: wanted });
    call.end();
    assertStatus((await collect(call).done).status, wanted.code, wanted.message);
  },

  async special_status_message({ plain }) {
    const result = await unary(plain, 'UnaryCall', { response_status: { code: 2, message: SPECIAL_MESSAGE } });
    assertStatus(result.status, grpc.status.UNKNOWN, SPECIAL_MESSAGE);
  },

  async unimplemented_method({ plain }) {
    assertStatus((await unary(plain, 'UnimplementedCall', {})).status, grpc.status.UNIMPLEMENTED);
  },

  async unimplemented_service({ nobody }) {
    assertStatus((await unary(nobody, 'UnimplementedCall', {})).status, grpc.status.UNIMPLEMENTED);
  },

  // grpc-js chooses compression per channel; its unary calls cannot exempt a message, so the plain ones use the plain channel.
  async client_compressed_unary({ plain, gzip, checksCompression }) {
    const claim = (value) => largeRequest({ expect_compressed: { value } });
    if (checksCompression) {
      assertStatus((await unary(plain, 'UnaryCall', claim(true))).status, grpc.status.INVALID_ARGUMENT);
    }
    for (const [client, value] of [[gzip, true], [plain, false]]) {
      const result = await unary(client, 'UnaryCall', claim(value));
      assertStatus(result.status, grpc.status.OK);
      assertZeros(result.response.payload, 314159);
    }
  },

  async client_compressed_streaming({ plain, gzip, checksCompression }) {
    if (checksCompression) {
      const probe = streamUp(plain);
      probe.call.write({ expect_compressed: { value: true }, payload: zeros(27182) });
      probe.call.end();
      assertStatus((await probe.done).error, grpc.status.INVALID_ARGUMENT);
    }
    const { call, done } = streamUp(gzip);
    call.write({ expect_compressed: { value: true }, payload: zeros(27182) });
    call.write({ expect_compressed: { value: false }, payload: zeros(45904) }, NO_COMPRESS);
    call.end();
    const { error, response } = await done;
    assert.ifError(error);
    assert.strictEqual(response.aggregated_payload_size, 73086);
  },

  async server_compressed_unary({ plain }) {
    for (const value of [true, false]) {
      const result = await unary(plain, 'UnaryCall', largeRequest({ response_compressed: { value } }));
      assertStatus(result.status, grpc.status.OK);
      assertZeros(result.response.payload, 314159);
    }
  },

  async server_compressed_streaming({ plain }) {
    const wanted = [{ size: 31415, compressed: { value: true } }, { size: 92653, compressed: { value: false } }];
    const result = await collect(plain.StreamingOutputCall({ response_parameters: wanted }, soon())).done;
    assertStatus(result.status, grpc.status.OK);
    assertSizes(result.responses, [31415, 92653]);
  },
};

module.exports = { cases };
