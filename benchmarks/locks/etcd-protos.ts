/** What etcd's clients send for a lock, of v3lock.proto and rpc.proto: the fields used here. */
import type { MethodDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

export interface EtcdMethods {
  readonly LeaseGrant: MethodDefinition<{ TTL: number }, { ID: string }>;
  readonly Lock: MethodDefinition<{ name: Buffer; lease: string }, { key: Buffer }>;
  readonly Unlock: MethodDefinition<{ key: Buffer }, object>;
}

const field = (id: number, type: string) => ({ id, type });
const method = (name: string) => ({
  requestType: `${name}Request`,
  responseType: `${name}Response`,
  comment: '',
});

export function etcdMethods(): EtcdMethods {
  const services = fromJSON(
    {
      nested: {
        etcdserverpb: {
          nested: {
            LeaseGrantRequest: { fields: { TTL: field(1, 'int64'), ID: field(2, 'int64') } },
            LeaseGrantResponse: { fields: { ID: field(2, 'int64'), TTL: field(3, 'int64') } },
            Lease: { methods: { LeaseGrant: method('LeaseGrant') } },
          },
        },
        v3lockpb: {
          nested: {
            LockRequest: { fields: { name: field(1, 'bytes'), lease: field(2, 'int64') } },
            LockResponse: { fields: { key: field(2, 'bytes') } },
            UnlockRequest: { fields: { key: field(1, 'bytes') } },
            UnlockResponse: { fields: {} },
            Lock: { methods: { Lock: method('Lock'), Unlock: method('Unlock') } },
          },
        },
      },
    },
    { keepCase: true, longs: String },
  );
  return { ...services['etcdserverpb.Lease'], ...services['v3lockpb.Lock'] } as never;
}
