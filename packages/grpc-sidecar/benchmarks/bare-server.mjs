// grpc-js and nothing else: a constant, and a Map. Messages of the least that has the shape of the
// sidecar's: for each key its value. proto-loader makes and takes them, as everybody's first server
// does.
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { loadHoldfastProtos } from '@holdfast/protos';
import { KEY_COUNT, keyOf, VALUE } from './workload.mjs';

const field = (id, type, rule) => ({ id, type, ...(rule === undefined ? {} : { rule }) });
const method = (name, stream) => ({
  requestType: `${name}Request`,
  responseType: `${name}Response`,
  requestStream: stream,
  responseStream: stream,
});
const { 'bare.Cache': bare } = fromJSON(
  {
    nested: {
      bare: {
        nested: {
          GetRequest: { fields: { key: field(1, 'bytes') } },
          GetResponse: { fields: { value: field(1, 'bytes') } },
          Operation: { fields: { get: field(1, 'GetRequest') } },
          Result: { fields: { get: field(1, 'GetResponse') } },
          PipelineRequest: {
            fields: { id: field(1, 'uint32'), operations: field(2, 'Operation', 'repeated') },
          },
          PipelineResponse: {
            fields: { id: field(1, 'uint32'), results: field(2, 'Result', 'repeated') },
          },
          Cache: { methods: { Get: method('Get', false), Pipeline: method('Pipeline', true) } },
        },
      },
    },
  },
  { keepCase: true },
);

const { cacheService } = loadHoldfastProtos();
const values = new Map();
for (let index = 0; index < KEY_COUNT; index++) values.set(String(keyOf(index)), VALUE);

const server = new Server();
server.addService(
  {
    Get: { ...bare.Get, path: cacheService.Get.path },
    Pipeline: { ...bare.Pipeline, path: cacheService.Pipeline.path },
  },
  {
    Get: (_call, callback) => callback(null, { value: VALUE }),
    Pipeline: (call) => {
      call.on('data', ({ id, operations }) => {
        const results = operations.map(({ get }) => ({
          get: { value: values.get(get.key.toString('latin1')) },
        }));
        call.write({ id, results });
      });
      call.on('end', () => call.end());
    },
  },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.send(`127.0.0.1:${port}`);
});
process.on('message', (message) => {
  if (message === 'cpu') {
    process.send(process.cpuUsage());
    return;
  }
  server.forceShutdown();
  process.exit();
});
