'use strict';

// The interop service on grpc-js.

const INITIAL_KEY = 'x-grpc-test-echo-initial';
const TRAILING_KEY = 'x-grpc-test-echo-trailing-bin';

/** The handlers, by method name. UnimplementedCall is left out: grpc-js answers UNIMPLEMENTED for it. */
function createService(grpc) {
  /** Sends the initial metadata that the client asked for and returns the trailing ones. */
  function echoMetadata(call) {
    const initial = call.metadata.get(INITIAL_KEY);
    if (initial.length > 0) {
      const headers = new grpc.Metadata();
      headers.set(INITIAL_KEY, initial[0]);
      call.sendMetadata(headers);
    }
    const trailers = new grpc.Metadata();
    for (const value of call.metadata.get(TRAILING_KEY)) {
      trailers.add(TRAILING_KEY, value);
    }
    return trailers;
  }

  function statusOf(request, trailers) {
    const wanted = request.response_status;
    return wanted ? { code: wanted.code, details: wanted.message, metadata: trailers } : null;
  }

  async function respond(call, request) {
    for (const parameters of request.response_parameters) {
      if (parameters.interval_us > 0) {
        await new Promise((resolve) => setTimeout(resolve, parameters.interval_us / 1000));
      }
      call.write({ payload: zeros(parameters.size) });
    }
  }

  function serveStream(call, keepUntilHalfClose) {
    const trailers = echoMetadata(call);
    const kept = [];
    let work = Promise.resolve();
    let failed = false;
    const serve = (request) => {
      work = work.then(() => {
        if (failed) {
          return undefined;
        }
        const status = statusOf(request, trailers);
        if (status) {
          failed = true;
          call.emit('error', status);
          return undefined;
        }
        return respond(call, request);
      });
    };
    call.on('data', (request) => (keepUntilHalfClose ? kept.push(request) : serve(request)));
    call.on('end', () => {
      kept.forEach(serve);
      work = work.then(() => (failed ? undefined : call.end(trailers)));
    });
  }

  return {
    EmptyCall(call, callback) {
      callback(null, {}, echoMetadata(call));
    },

    UnaryCall(call, callback) {
      const trailers = echoMetadata(call);
      const status = statusOf(call.request, trailers);
      if (status) {
        callback(status);
      } else {
        callback(null, { payload: zeros(call.request.response_size) }, trailers);
      }
    },

    async StreamingOutputCall(call) {
      const trailers = echoMetadata(call);
      await respond(call, call.request);
      call.end(trailers);
    },

    StreamingInputCall(call, callback) {
      const trailers = echoMetadata(call);
      let total = 0;
      call.on('data', (request) => {
        total += request.payload.body.length;
      });
      call.on('end', () => callback(null, { aggregated_payload_size: total }, trailers));
    },

    FullDuplexCall(call) {
      serveStream(call, false);
    },

    HalfDuplexCall(call) {
      serveStream(call, true);
    },
  };
}

function zeros(size) {
  return { body: Buffer.alloc(size) };
}

module.exports = { createService, zeros, INITIAL_KEY, TRAILING_KEY };
