// Original file: holdfast/v1/lock.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AcquireRequest as _holdfast_v1_AcquireRequest, AcquireRequest__Output as _holdfast_v1_AcquireRequest__Output } from '../../holdfast/v1/AcquireRequest.ts';
import type { AcquireResponse as _holdfast_v1_AcquireResponse, AcquireResponse__Output as _holdfast_v1_AcquireResponse__Output } from '../../holdfast/v1/AcquireResponse.ts';
import type { GetLockRequest as _holdfast_v1_GetLockRequest, GetLockRequest__Output as _holdfast_v1_GetLockRequest__Output } from '../../holdfast/v1/GetLockRequest.ts';
import type { GetLockResponse as _holdfast_v1_GetLockResponse, GetLockResponse__Output as _holdfast_v1_GetLockResponse__Output } from '../../holdfast/v1/GetLockResponse.ts';
import type { ReleaseRequest as _holdfast_v1_ReleaseRequest, ReleaseRequest__Output as _holdfast_v1_ReleaseRequest__Output } from '../../holdfast/v1/ReleaseRequest.ts';
import type { ReleaseResponse as _holdfast_v1_ReleaseResponse, ReleaseResponse__Output as _holdfast_v1_ReleaseResponse__Output } from '../../holdfast/v1/ReleaseResponse.ts';
import type { RenewRequest as _holdfast_v1_RenewRequest, RenewRequest__Output as _holdfast_v1_RenewRequest__Output } from '../../holdfast/v1/RenewRequest.ts';
import type { RenewResponse as _holdfast_v1_RenewResponse, RenewResponse__Output as _holdfast_v1_RenewResponse__Output } from '../../holdfast/v1/RenewResponse.ts';
import type { SessionRequest as _holdfast_v1_SessionRequest, SessionRequest__Output as _holdfast_v1_SessionRequest__Output } from '../../holdfast/v1/SessionRequest.ts';
import type { SessionResponse as _holdfast_v1_SessionResponse, SessionResponse__Output as _holdfast_v1_SessionResponse__Output } from '../../holdfast/v1/SessionResponse.ts';
import type { TryAcquireRequest as _holdfast_v1_TryAcquireRequest, TryAcquireRequest__Output as _holdfast_v1_TryAcquireRequest__Output } from '../../holdfast/v1/TryAcquireRequest.ts';
import type { TryAcquireResponse as _holdfast_v1_TryAcquireResponse, TryAcquireResponse__Output as _holdfast_v1_TryAcquireResponse__Output } from '../../holdfast/v1/TryAcquireResponse.ts';
import type { ValidateTokenRequest as _holdfast_v1_ValidateTokenRequest, ValidateTokenRequest__Output as _holdfast_v1_ValidateTokenRequest__Output } from '../../holdfast/v1/ValidateTokenRequest.ts';
import type { ValidateTokenResponse as _holdfast_v1_ValidateTokenResponse, ValidateTokenResponse__Output as _holdfast_v1_ValidateTokenResponse__Output } from '../../holdfast/v1/ValidateTokenResponse.ts';

/**
 * Lock leases.
 */
export interface LockServiceClient extends grpc.Client {
  /**
   * One lease without a stream: its owner renews it with Renew before its TTL is over. Waits in
   * line for up to `wait`, or until the call's deadline or its cancellation if that comes first.
   */
  Acquire(argument: _holdfast_v1_AcquireRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  Acquire(argument: _holdfast_v1_AcquireRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  Acquire(argument: _holdfast_v1_AcquireRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  Acquire(argument: _holdfast_v1_AcquireRequest, callback: grpc.requestCallback<_holdfast_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  /**
   * One lease without a stream: its owner renews it with Renew before its TTL is over. Waits in
   * line for up to `wait`, or until the call's deadline or its cancellation if that comes first.
   */
  acquire(argument: _holdfast_v1_AcquireRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  acquire(argument: _holdfast_v1_AcquireRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  acquire(argument: _holdfast_v1_AcquireRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  acquire(argument: _holdfast_v1_AcquireRequest, callback: grpc.requestCallback<_holdfast_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Who holds a lock and how many wait. A lock nobody uses is an answer without holders.
   */
  GetLock(argument: _holdfast_v1_GetLockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetLockResponse__Output>): grpc.ClientUnaryCall;
  GetLock(argument: _holdfast_v1_GetLockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetLockResponse__Output>): grpc.ClientUnaryCall;
  GetLock(argument: _holdfast_v1_GetLockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetLockResponse__Output>): grpc.ClientUnaryCall;
  GetLock(argument: _holdfast_v1_GetLockRequest, callback: grpc.requestCallback<_holdfast_v1_GetLockResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Who holds a lock and how many wait. A lock nobody uses is an answer without holders.
   */
  getLock(argument: _holdfast_v1_GetLockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetLockResponse__Output>): grpc.ClientUnaryCall;
  getLock(argument: _holdfast_v1_GetLockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetLockResponse__Output>): grpc.ClientUnaryCall;
  getLock(argument: _holdfast_v1_GetLockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetLockResponse__Output>): grpc.ClientUnaryCall;
  getLock(argument: _holdfast_v1_GetLockRequest, callback: grpc.requestCallback<_holdfast_v1_GetLockResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Gives a lease back; a second time is fine. FAILED_PRECONDITION (LEASE_LOST) if it was lost.
   */
  Release(argument: _holdfast_v1_ReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  Release(argument: _holdfast_v1_ReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  Release(argument: _holdfast_v1_ReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  Release(argument: _holdfast_v1_ReleaseRequest, callback: grpc.requestCallback<_holdfast_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Gives a lease back; a second time is fine. FAILED_PRECONDITION (LEASE_LOST) if it was lost.
   */
  release(argument: _holdfast_v1_ReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _holdfast_v1_ReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _holdfast_v1_ReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _holdfast_v1_ReleaseRequest, callback: grpc.requestCallback<_holdfast_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Starts the TTL of a lease again. FAILED_PRECONDITION (LEASE_LOST) if it is over.
   */
  Renew(argument: _holdfast_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _holdfast_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _holdfast_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _holdfast_v1_RenewRequest, callback: grpc.requestCallback<_holdfast_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Starts the TTL of a lease again. FAILED_PRECONDITION (LEASE_LOST) if it is over.
   */
  renew(argument: _holdfast_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _holdfast_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _holdfast_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _holdfast_v1_RenewRequest, callback: grpc.requestCallback<_holdfast_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  
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
  
  /**
   * As Acquire, without waiting: never queues.
   */
  TryAcquire(argument: _holdfast_v1_TryAcquireRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TryAcquireResponse__Output>): grpc.ClientUnaryCall;
  TryAcquire(argument: _holdfast_v1_TryAcquireRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_TryAcquireResponse__Output>): grpc.ClientUnaryCall;
  TryAcquire(argument: _holdfast_v1_TryAcquireRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TryAcquireResponse__Output>): grpc.ClientUnaryCall;
  TryAcquire(argument: _holdfast_v1_TryAcquireRequest, callback: grpc.requestCallback<_holdfast_v1_TryAcquireResponse__Output>): grpc.ClientUnaryCall;
  /**
   * As Acquire, without waiting: never queues.
   */
  tryAcquire(argument: _holdfast_v1_TryAcquireRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TryAcquireResponse__Output>): grpc.ClientUnaryCall;
  tryAcquire(argument: _holdfast_v1_TryAcquireRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_TryAcquireResponse__Output>): grpc.ClientUnaryCall;
  tryAcquire(argument: _holdfast_v1_TryAcquireRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TryAcquireResponse__Output>): grpc.ClientUnaryCall;
  tryAcquire(argument: _holdfast_v1_TryAcquireRequest, callback: grpc.requestCallback<_holdfast_v1_TryAcquireResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Whether whatever the lock protects may accept a write under this token.
   */
  ValidateToken(argument: _holdfast_v1_ValidateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  ValidateToken(argument: _holdfast_v1_ValidateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  ValidateToken(argument: _holdfast_v1_ValidateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  ValidateToken(argument: _holdfast_v1_ValidateTokenRequest, callback: grpc.requestCallback<_holdfast_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Whether whatever the lock protects may accept a write under this token.
   */
  validateToken(argument: _holdfast_v1_ValidateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  validateToken(argument: _holdfast_v1_ValidateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  validateToken(argument: _holdfast_v1_ValidateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  validateToken(argument: _holdfast_v1_ValidateTokenRequest, callback: grpc.requestCallback<_holdfast_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Lock leases.
 */
export interface LockServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * One lease without a stream: its owner renews it with Renew before its TTL is over. Waits in
   * line for up to `wait`, or until the call's deadline or its cancellation if that comes first.
   */
  Acquire: grpc.handleUnaryCall<_holdfast_v1_AcquireRequest__Output, _holdfast_v1_AcquireResponse>;
  
  /**
   * Who holds a lock and how many wait. A lock nobody uses is an answer without holders.
   */
  GetLock: grpc.handleUnaryCall<_holdfast_v1_GetLockRequest__Output, _holdfast_v1_GetLockResponse>;
  
  /**
   * Gives a lease back; a second time is fine. FAILED_PRECONDITION (LEASE_LOST) if it was lost.
   */
  Release: grpc.handleUnaryCall<_holdfast_v1_ReleaseRequest__Output, _holdfast_v1_ReleaseResponse>;
  
  /**
   * Starts the TTL of a lease again. FAILED_PRECONDITION (LEASE_LOST) if it is over.
   */
  Renew: grpc.handleUnaryCall<_holdfast_v1_RenewRequest__Output, _holdfast_v1_RenewResponse>;
  
  /**
   * One session. The client's first message is Hello, the server's is Welcome. Closing the sending
   * side without Goodbye detaches: the session and its leases live on until their TTL.
   */
  Session: grpc.handleBidiStreamingCall<_holdfast_v1_SessionRequest__Output, _holdfast_v1_SessionResponse>;
  
  /**
   * As Acquire, without waiting: never queues.
   */
  TryAcquire: grpc.handleUnaryCall<_holdfast_v1_TryAcquireRequest__Output, _holdfast_v1_TryAcquireResponse>;
  
  /**
   * Whether whatever the lock protects may accept a write under this token.
   */
  ValidateToken: grpc.handleUnaryCall<_holdfast_v1_ValidateTokenRequest__Output, _holdfast_v1_ValidateTokenResponse>;
  
}

export interface LockServiceDefinition extends grpc.ServiceDefinition {
  Acquire: MethodDefinition<_holdfast_v1_AcquireRequest, _holdfast_v1_AcquireResponse, _holdfast_v1_AcquireRequest__Output, _holdfast_v1_AcquireResponse__Output>
  GetLock: MethodDefinition<_holdfast_v1_GetLockRequest, _holdfast_v1_GetLockResponse, _holdfast_v1_GetLockRequest__Output, _holdfast_v1_GetLockResponse__Output>
  Release: MethodDefinition<_holdfast_v1_ReleaseRequest, _holdfast_v1_ReleaseResponse, _holdfast_v1_ReleaseRequest__Output, _holdfast_v1_ReleaseResponse__Output>
  Renew: MethodDefinition<_holdfast_v1_RenewRequest, _holdfast_v1_RenewResponse, _holdfast_v1_RenewRequest__Output, _holdfast_v1_RenewResponse__Output>
  Session: MethodDefinition<_holdfast_v1_SessionRequest, _holdfast_v1_SessionResponse, _holdfast_v1_SessionRequest__Output, _holdfast_v1_SessionResponse__Output>
  TryAcquire: MethodDefinition<_holdfast_v1_TryAcquireRequest, _holdfast_v1_TryAcquireResponse, _holdfast_v1_TryAcquireRequest__Output, _holdfast_v1_TryAcquireResponse__Output>
  ValidateToken: MethodDefinition<_holdfast_v1_ValidateTokenRequest, _holdfast_v1_ValidateTokenResponse, _holdfast_v1_ValidateTokenRequest__Output, _holdfast_v1_ValidateTokenResponse__Output>
}
