import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Any as _google_protobuf_Any, Any__Output as _google_protobuf_Any__Output } from './google/protobuf/Any.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from './google/protobuf/Duration.ts';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from './google/rpc/Status.ts';
import type { Acquire as _holdfast_v1_Acquire, Acquire__Output as _holdfast_v1_Acquire__Output } from './holdfast/v1/Acquire.ts';
import type { CancelAcquire as _holdfast_v1_CancelAcquire, CancelAcquire__Output as _holdfast_v1_CancelAcquire__Output } from './holdfast/v1/CancelAcquire.ts';
import type { Contended as _holdfast_v1_Contended, Contended__Output as _holdfast_v1_Contended__Output } from './holdfast/v1/Contended.ts';
import type { Denied as _holdfast_v1_Denied, Denied__Output as _holdfast_v1_Denied__Output } from './holdfast/v1/Denied.ts';
import type { Draining as _holdfast_v1_Draining, Draining__Output as _holdfast_v1_Draining__Output } from './holdfast/v1/Draining.ts';
import type { Goodbye as _holdfast_v1_Goodbye, Goodbye__Output as _holdfast_v1_Goodbye__Output } from './holdfast/v1/Goodbye.ts';
import type { Granted as _holdfast_v1_Granted, Granted__Output as _holdfast_v1_Granted__Output } from './holdfast/v1/Granted.ts';
import type { HeldLease as _holdfast_v1_HeldLease, HeldLease__Output as _holdfast_v1_HeldLease__Output } from './holdfast/v1/HeldLease.ts';
import type { Hello as _holdfast_v1_Hello, Hello__Output as _holdfast_v1_Hello__Output } from './holdfast/v1/Hello.ts';
import type { KeepAlive as _holdfast_v1_KeepAlive, KeepAlive__Output as _holdfast_v1_KeepAlive__Output } from './holdfast/v1/KeepAlive.ts';
import type { KeepAliveAck as _holdfast_v1_KeepAliveAck, KeepAliveAck__Output as _holdfast_v1_KeepAliveAck__Output } from './holdfast/v1/KeepAliveAck.ts';
import type { LockServiceClient as _holdfast_v1_LockServiceClient, LockServiceDefinition as _holdfast_v1_LockServiceDefinition } from './holdfast/v1/LockService.ts';
import type { Lost as _holdfast_v1_Lost, Lost__Output as _holdfast_v1_Lost__Output } from './holdfast/v1/Lost.ts';
import type { Queued as _holdfast_v1_Queued, Queued__Output as _holdfast_v1_Queued__Output } from './holdfast/v1/Queued.ts';
import type { Release as _holdfast_v1_Release, Release__Output as _holdfast_v1_Release__Output } from './holdfast/v1/Release.ts';
import type { Released as _holdfast_v1_Released, Released__Output as _holdfast_v1_Released__Output } from './holdfast/v1/Released.ts';
import type { Resume as _holdfast_v1_Resume, Resume__Output as _holdfast_v1_Resume__Output } from './holdfast/v1/Resume.ts';
import type { SessionRequest as _holdfast_v1_SessionRequest, SessionRequest__Output as _holdfast_v1_SessionRequest__Output } from './holdfast/v1/SessionRequest.ts';
import type { SessionResponse as _holdfast_v1_SessionResponse, SessionResponse__Output as _holdfast_v1_SessionResponse__Output } from './holdfast/v1/SessionResponse.ts';
import type { Welcome as _holdfast_v1_Welcome, Welcome__Output as _holdfast_v1_Welcome__Output } from './holdfast/v1/Welcome.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Any: MessageTypeDefinition<_google_protobuf_Any, _google_protobuf_Any__Output>
      Duration: MessageTypeDefinition<_google_protobuf_Duration, _google_protobuf_Duration__Output>
    }
    rpc: {
      Status: MessageTypeDefinition<_google_rpc_Status, _google_rpc_Status__Output>
    }
  }
  holdfast: {
    v1: {
      Acquire: MessageTypeDefinition<_holdfast_v1_Acquire, _holdfast_v1_Acquire__Output>
      CancelAcquire: MessageTypeDefinition<_holdfast_v1_CancelAcquire, _holdfast_v1_CancelAcquire__Output>
      Contended: MessageTypeDefinition<_holdfast_v1_Contended, _holdfast_v1_Contended__Output>
      Denied: MessageTypeDefinition<_holdfast_v1_Denied, _holdfast_v1_Denied__Output>
      Draining: MessageTypeDefinition<_holdfast_v1_Draining, _holdfast_v1_Draining__Output>
      Goodbye: MessageTypeDefinition<_holdfast_v1_Goodbye, _holdfast_v1_Goodbye__Output>
      Granted: MessageTypeDefinition<_holdfast_v1_Granted, _holdfast_v1_Granted__Output>
      HeldLease: MessageTypeDefinition<_holdfast_v1_HeldLease, _holdfast_v1_HeldLease__Output>
      Hello: MessageTypeDefinition<_holdfast_v1_Hello, _holdfast_v1_Hello__Output>
      KeepAlive: MessageTypeDefinition<_holdfast_v1_KeepAlive, _holdfast_v1_KeepAlive__Output>
      KeepAliveAck: MessageTypeDefinition<_holdfast_v1_KeepAliveAck, _holdfast_v1_KeepAliveAck__Output>
      LockScope: EnumTypeDefinition
      /**
       * Lock leases.
       */
      LockService: SubtypeConstructor<typeof grpc.Client, _holdfast_v1_LockServiceClient> & { service: _holdfast_v1_LockServiceDefinition }
      Lost: MessageTypeDefinition<_holdfast_v1_Lost, _holdfast_v1_Lost__Output>
      LostReason: EnumTypeDefinition
      Queued: MessageTypeDefinition<_holdfast_v1_Queued, _holdfast_v1_Queued__Output>
      Release: MessageTypeDefinition<_holdfast_v1_Release, _holdfast_v1_Release__Output>
      Released: MessageTypeDefinition<_holdfast_v1_Released, _holdfast_v1_Released__Output>
      Resume: MessageTypeDefinition<_holdfast_v1_Resume, _holdfast_v1_Resume__Output>
      SessionRequest: MessageTypeDefinition<_holdfast_v1_SessionRequest, _holdfast_v1_SessionRequest__Output>
      SessionResponse: MessageTypeDefinition<_holdfast_v1_SessionResponse, _holdfast_v1_SessionResponse__Output>
      Welcome: MessageTypeDefinition<_holdfast_v1_Welcome, _holdfast_v1_Welcome__Output>
    }
  }
}

