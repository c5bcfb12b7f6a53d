// Original file: holdfast/v1/lock.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { SessionRequest as _holdfast_v1_SessionRequest, SessionRequest__Output as _holdfast_v1_SessionRequest__Output } from '../../holdfast/v1/SessionRequest.ts';
import type { SessionResponse as _holdfast_v1_SessionResponse, SessionResponse__Output as _holdfast_v1_SessionResponse__Output } from '../../holdfast/v1/SessionResponse.ts';

/**
 * Lock leases.
 */
export interface LockServiceClient extends grpc.Client {
  /**
   * One session. The client's first message is Hello, the server's is Welcome. Closing the sending
   * side without Goodbye detaches: the session and its leases live on until their TTL.
   */
  Session(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_SessionRequest, _holdfast_v1_SessionResponse__Output>;
  Session(options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_SessionRequest, _holdfast_v1_SessionResponse__Output>;
  /**
   * One session. The client's first message is Hello, the server's is Welcome. Closing the sending
   * side without Goodbye detaches: the session and its leases live on until their TTL.
   */
  session(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_SessionRequest, _holdfast_v1_SessionResponse__Output>;
  session(options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_SessionRequest, _holdfast_v1_SessionResponse__Output>;
  
}

/**
 * Lock leases.
 */
export interface LockServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * One session. The client's first message is Hello, the server's is Welcome. Closing the sending
   * side without Goodbye detaches: the session and its leases live on until their TTL.
   */
  Session: grpc.handleBidiStreamingCall<_holdfast_v1_SessionRequest__Output, _holdfast_v1_SessionResponse>;
  
}

export interface LockServiceDefinition extends grpc.ServiceDefinition {
  Session: MethodDefinition<_holdfast_v1_SessionRequest, _holdfast_v1_SessionResponse, _holdfast_v1_SessionRequest__Output, _holdfast_v1_SessionResponse__Output>
}
