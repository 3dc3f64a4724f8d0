'use strict';

// The grpc-js contestant of the gRPC benchmark: `bench.js server|client --protos DIR --certificates DIR [--port N]`.
//
// The server prints {"port": N}. The client prints {"ready": true}; then each line of its standard input names a run,
//     {"workload": "unary|duplex", "inFlight": 64, "seconds": 3}
// and is answered by {"count": N, "seconds": S}. Both end when standard input does.

const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const { parseArgs } = require('node:util');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const MESSAGE = { body: Buffer.alloc(497) }; // 500 bytes with the field's tag and length

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { protos: { type: 'string' }, certificates: { type: 'string' }, port: { type: 'string' } },
});
const read = (name) => fs.readFileSync(path.join(options.certificates, name));
const { Bench } = grpc.loadPackageDefinition(protoLoader.loadSync('bench.proto', { includeDirs: [options.protos] })).hostagent.bench;

function serve() {
  const server = new grpc.Server();
  server.addService(Bench.service, {
    Unary: (call, callback) => callback(null, call.request),
    Duplex: (call) => {
      call.on('data', (message) => call.write(message));
      call.on('end', () => call.end());
    },
  });
  const identity = [{ private_key: read('server.key'), cert_chain: read('server.pem') }];
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createSsl(null, identity, false), (error, port) => {
    if (error) {
      throw error;
    }
    console.log(JSON.stringify({ port }));
  });
  process.stdin.on('end', () => server.forceShutdown()).resume();
}

function unary(client, inFlight, end) {
  return new Promise((resolve, reject) => {
    let count = 0;
    let running = inFlight;
    const next = () => client.Unary(MESSAGE, (error) => {
      if (error) {
        reject(error);
        return;
      }
      count++;
      if (performance.now() < end) {
        next();
      } else if (--running === 0) {
        resolve(count);
      }
    });
    for (let i = 0; i < inFlight; i++) {
      next();
    }
  });
}

function duplex(client, inFlight, end) {
  return new Promise((resolve, reject) => {
    const call = client.Duplex();
    let count = 0;
    let ended = false;
    call.on('data', () => {
      count++;
      if (performance.now() < end) {
        call.write(MESSAGE);
      } else if (!ended) {
        ended = true;
        call.end();
      }
    });
    call.on('error', reject);
    call.on('end', () => resolve(count));
    for (let i = 0; i < inFlight; i++) {
      call.write(MESSAGE);
    }
  });
}

async function answerRuns() {
  const client = new Bench(`localhost:${options.port}`, grpc.credentials.createSsl(read('ca.pem')));
  console.log(JSON.stringify({ ready: true }));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { workload, inFlight, seconds } = JSON.parse(line);
    const start = performance.now();
    const count = await { unary, duplex }[workload](client, inFlight, start + seconds * 1000);
    console.log(JSON.stringify({ count, seconds: (performance.now() - start) / 1000 }));
  }
  client.close();
}

if (positionals[0] === 'server') {
  serve();
} else {
  answerRuns().catch((error) => {
    console.error(error);
    process.exit(1);
  });
}
