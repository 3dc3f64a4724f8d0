'use strict';

// A grpc-js peer for the interop tests: an interop server on three ports, and a client that runs the cases it is told to.
//
// Prints one line of JSON with the ports. Then each line of standard input names a case and where to run it:
//     {"case": "empty_unary", "target": "localhost:1234", "security": "plaintext|tls|mtls", "checksCompression": true}
// and is answered by a line {"passed": true} or {"passed": false, "failure": "..."}. Ends when standard input does, so
// that it never outlives the test that started it.

const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const { parseArgs } = require('node:util');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');
const { createService } = require('./service');
const { cases } = require('./cases');

const GZIP = 2; // grpc.compressionAlgorithms.gzip

const { values: options } = parseArgs({ options: { protos: { type: 'string' }, certificates: { type: 'string' } } });
const definition = protoLoader.loadSync('grpc/testing/test.proto', {
  includeDirs: [options.protos], keepCase: true, longs: Number, defaults: true,
});
const { testing } = grpc.loadPackageDefinition(definition).grpc;
const read = (name) => fs.readFileSync(path.join(options.certificates, name));

async function startServer() {
  const server = new grpc.Server();
  server.addService(testing.TestService.service, createService(grpc));
  const identity = [{ private_key: read('server.key'), cert_chain: read('server.pem') }];
  const bind = (credentials) => new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port)));
  });
  const ports = {
    plaintext: await bind(grpc.ServerCredentials.createInsecure()),
    tls: await bind(grpc.ServerCredentials.createSsl(null, identity, false)),
    mtls: await bind(grpc.ServerCredentials.createSsl(read('ca.pem'), identity, true)),
  };
  return { server, ports };
}

function credentialsFor(security) {
  switch (security) {
    case 'plaintext': return grpc.credentials.createInsecure();
    case 'tls': return grpc.credentials.createSsl(read('ca.pem'));
    case 'mtls': return grpc.credentials.createSsl(read('ca.pem'), read('client.key'), read('client.pem'));
    default: throw new Error(`unknown security "${security}"`);
  }
}

async function runCase(command) {
  const credentials = credentialsFor(command.security);
  const target = {
    plain: new testing.TestService(command.target, credentials),
    gzip: new testing.TestService(command.target, credentials, { 'grpc.default_compression_algorithm': GZIP }),
    nobody: new testing.UnimplementedService(command.target, credentials),
    checksCompression: command.checksCompression,
  };
  try {
    await cases[command.case](target);
    return { passed: true };
  } catch (error) {
    return { passed: false, failure: error.stack };
  } finally {
    [target.plain, target.gzip, target.nobody].forEach((client) => client.close());
  }
}

async function main() {
  const { server, ports } = await startServer();
  console.log(JSON.stringify(ports));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await runCase(JSON.parse(line))));
  }
  server.forceShutdown();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
