import type { MethodDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

export interface BareRequest {
  readonly id: number;
  readonly name: string;
  readonly release: boolean;
}

export interface BareResponse {
  readonly id: number;
}

/** The least that can ask for a lock and give it back. */
export function bareSession(): MethodDefinition<BareRequest, BareResponse> {
  const { 'bare.Locks': service } = fromJSON({
    nested: {
      bare: {
        nested: {
          Request: {
            fields: {
              id: { id: 1, type: 'uint32' },
              name: { id: 2, type: 'string' },
              release: { id: 3, type: 'bool' },
            },
          },
          Response: { fields: { id: { id: 1, type: 'uint32' } } },
          Locks: {
            methods: {
              Session: {
                requestType: 'Request',
                responseType: 'Response',
                requestStream: true,
                responseStream: true,
                comment: '',
              },
            },
          },
        },
      },
    },
  });
  return (service as unknown as Record<'Session', MethodDefinition<BareRequest, BareResponse>>)
    .Session;
}
