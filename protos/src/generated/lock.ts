import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Any as _google_protobuf_Any, Any__Output as _google_protobuf_Any__Output } from './google/protobuf/Any.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from './google/protobuf/Duration.ts';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from './google/rpc/Status.ts';
import type { Acquire as _holdfast_v1_Acquire, Acquire__Output as _holdfast_v1_Acquire__Output } from './holdfast/v1/Acquire.ts';
import type { AcquireRequest as _holdfast_v1_AcquireRequest, AcquireRequest__Output as _holdfast_v1_AcquireRequest__Output } from './holdfast/v1/AcquireRequest.ts';
import type { AcquireResponse as _holdfast_v1_AcquireResponse, AcquireResponse__Output as _holdfast_v1_AcquireResponse__Output } from './holdfast/v1/AcquireResponse.ts';
import type { CancelAcquire as _holdfast_v1_CancelAcquire, CancelAcquire__Output as _holdfast_v1_CancelAcquire__Output } from './holdfast/v1/CancelAcquire.ts';
import type { Contended as _holdfast_v1_Contended, Contended__Output as _holdfast_v1_Contended__Output } from './holdfast/v1/Contended.ts';
import type { ContendedLock as _holdfast_v1_ContendedLock, ContendedLock__Output as _holdfast_v1_ContendedLock__Output } from './holdfast/v1/ContendedLock.ts';
import type { Denied as _holdfast_v1_Denied, Denied__Output as _holdfast_v1_Denied__Output } from './holdfast/v1/Denied.ts';
import type { Draining as _holdfast_v1_Draining, Draining__Output as _holdfast_v1_Draining__Output } from './holdfast/v1/Draining.ts';
import type { GetLockRequest as _holdfast_v1_GetLockRequest, GetLockRequest__Output as _holdfast_v1_GetLockRequest__Output } from './holdfast/v1/GetLockRequest.ts';
import type { GetLockResponse as _holdfast_v1_GetLockResponse, GetLockResponse__Output as _holdfast_v1_GetLockResponse__Output } from './holdfast/v1/GetLockResponse.ts';
import type { Goodbye as _holdfast_v1_Goodbye, Goodbye__Output as _holdfast_v1_Goodbye__Output } from './holdfast/v1/Goodbye.ts';
import type { Granted as _holdfast_v1_Granted, Granted__Output as _holdfast_v1_Granted__Output } from './holdfast/v1/Granted.ts';
import type { GrantedLease as _holdfast_v1_GrantedLease, GrantedLease__Output as _holdfast_v1_GrantedLease__Output } from './holdfast/v1/GrantedLease.ts';
import type { HeldLease as _holdfast_v1_HeldLease, HeldLease__Output as _holdfast_v1_HeldLease__Output } from './holdfast/v1/HeldLease.ts';
import type { Hello as _holdfast_v1_Hello, Hello__Output as _holdfast_v1_Hello__Output } from './holdfast/v1/Hello.ts';
import type { Jeopardy as _holdfast_v1_Jeopardy, Jeopardy__Output as _holdfast_v1_Jeopardy__Output } from './holdfast/v1/Jeopardy.ts';
import type { KeepAlive as _holdfast_v1_KeepAlive, KeepAlive__Output as _holdfast_v1_KeepAlive__Output } from './holdfast/v1/KeepAlive.ts';
import type { KeepAliveAck as _holdfast_v1_KeepAliveAck, KeepAliveAck__Output as _holdfast_v1_KeepAliveAck__Output } from './holdfast/v1/KeepAliveAck.ts';
import type { LockHolder as _holdfast_v1_LockHolder, LockHolder__Output as _holdfast_v1_LockHolder__Output } from './holdfast/v1/LockHolder.ts';
import type { LockInfo as _holdfast_v1_LockInfo, LockInfo__Output as _holdfast_v1_LockInfo__Output } from './holdfast/v1/LockInfo.ts';
import type { LockServiceClient as _holdfast_v1_LockServiceClient, LockServiceDefinition as _holdfast_v1_LockServiceDefinition } from './holdfast/v1/LockService.ts';
import type { Lost as _holdfast_v1_Lost, Lost__Output as _holdfast_v1_Lost__Output } from './holdfast/v1/Lost.ts';
import type { Queued as _holdfast_v1_Queued, Queued__Output as _holdfast_v1_Queued__Output } from './holdfast/v1/Queued.ts';
import type { Release as _holdfast_v1_Release, Release__Output as _holdfast_v1_Release__Output } from './holdfast/v1/Release.ts';
import type { ReleaseRequest as _holdfast_v1_ReleaseRequest, ReleaseRequest__Output as _holdfast_v1_ReleaseRequest__Output } from './holdfast/v1/ReleaseRequest.ts';
import type { ReleaseResponse as _holdfast_v1_ReleaseResponse, ReleaseResponse__Output as _holdfast_v1_ReleaseResponse__Output } from './holdfast/v1/ReleaseResponse.ts';
import type { Released as _holdfast_v1_Released, Released__Output as _holdfast_v1_Released__Output } from './holdfast/v1/Released.ts';
import type { RenewRequest as _holdfast_v1_RenewRequest, RenewRequest__Output as _holdfast_v1_RenewRequest__Output } from './holdfast/v1/RenewRequest.ts';
import type { RenewResponse as _holdfast_v1_RenewResponse, RenewResponse__Output as _holdfast_v1_RenewResponse__Output } from './holdfast/v1/RenewResponse.ts';
import type { Resume as _holdfast_v1_Resume, Resume__Output as _holdfast_v1_Resume__Output } from './holdfast/v1/Resume.ts';
import type { Revoking as _holdfast_v1_Revoking, Revoking__Output as _holdfast_v1_Revoking__Output } from './holdfast/v1/Revoking.ts';
import type { Safe as _holdfast_v1_Safe, Safe__Output as _holdfast_v1_Safe__Output } from './holdfast/v1/Safe.ts';
import type { SessionRequest as _holdfast_v1_SessionRequest, SessionRequest__Output as _holdfast_v1_SessionRequest__Output } from './holdfast/v1/SessionRequest.ts';
import type { SessionResponse as _holdfast_v1_SessionResponse, SessionResponse__Output as _holdfast_v1_SessionResponse__Output } from './holdfast/v1/SessionResponse.ts';
import type { TryAcquireRequest as _holdfast_v1_TryAcquireRequest, TryAcquireRequest__Output as _holdfast_v1_TryAcquireRequest__Output } from './holdfast/v1/TryAcquireRequest.ts';
import type { TryAcquireResponse as _holdfast_v1_TryAcquireResponse, TryAcquireResponse__Output as _holdfast_v1_TryAcquireResponse__Output } from './holdfast/v1/TryAcquireResponse.ts';
import type { ValidateTokenRequest as _holdfast_v1_ValidateTokenRequest, ValidateTokenRequest__Output as _holdfast_v1_ValidateTokenRequest__Output } from './holdfast/v1/ValidateTokenRequest.ts';
import type { ValidateTokenResponse as _holdfast_v1_ValidateTokenResponse, ValidateTokenResponse__Output as _holdfast_v1_ValidateTokenResponse__Output } from './holdfast/v1/ValidateTokenResponse.ts';
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
      AcquireRequest: MessageTypeDefinition<_holdfast_v1_AcquireRequest, _holdfast_v1_AcquireRequest__Output>
      AcquireResponse: MessageTypeDefinition<_holdfast_v1_AcquireResponse, _holdfast_v1_AcquireResponse__Output>
      CancelAcquire: MessageTypeDefinition<_holdfast_v1_CancelAcquire, _holdfast_v1_CancelAcquire__Output>
      Contended: MessageTypeDefinition<_holdfast_v1_Contended, _holdfast_v1_Contended__Output>
      ContendedLock: MessageTypeDefinition<_holdfast_v1_ContendedLock, _holdfast_v1_ContendedLock__Output>
      Denied: MessageTypeDefinition<_holdfast_v1_Denied, _holdfast_v1_Denied__Output>
      Draining: MessageTypeDefinition<_holdfast_v1_Draining, _holdfast_v1_Draining__Output>
      GetLockRequest: MessageTypeDefinition<_holdfast_v1_GetLockRequest, _holdfast_v1_GetLockRequest__Output>
      GetLockResponse: MessageTypeDefinition<_holdfast_v1_GetLockResponse, _holdfast_v1_GetLockResponse__Output>
      Goodbye: MessageTypeDefinition<_holdfast_v1_Goodbye, _holdfast_v1_Goodbye__Output>
      Granted: MessageTypeDefinition<_holdfast_v1_Granted, _holdfast_v1_Granted__Output>
      GrantedLease: MessageTypeDefinition<_holdfast_v1_GrantedLease, _holdfast_v1_GrantedLease__Output>
      HeldLease: MessageTypeDefinition<_holdfast_v1_HeldLease, _holdfast_v1_HeldLease__Output>
      Hello: MessageTypeDefinition<_holdfast_v1_Hello, _holdfast_v1_Hello__Output>
      Jeopardy: MessageTypeDefinition<_holdfast_v1_Jeopardy, _holdfast_v1_Jeopardy__Output>
      KeepAlive: MessageTypeDefinition<_holdfast_v1_KeepAlive, _holdfast_v1_KeepAlive__Output>
      KeepAliveAck: MessageTypeDefinition<_holdfast_v1_KeepAliveAck, _holdfast_v1_KeepAliveAck__Output>
      LockHolder: MessageTypeDefinition<_holdfast_v1_LockHolder, _holdfast_v1_LockHolder__Output>
      LockInfo: MessageTypeDefinition<_holdfast_v1_LockInfo, _holdfast_v1_LockInfo__Output>
      LockMode: EnumTypeDefinition
      LockScope: EnumTypeDefinition
      /**
       * Lock leases.
       */
      LockService: SubtypeConstructor<typeof grpc.Client, _holdfast_v1_LockServiceClient> & { service: _holdfast_v1_LockServiceDefinition }
      Lost: MessageTypeDefinition<_holdfast_v1_Lost, _holdfast_v1_Lost__Output>
      LostReason: EnumTypeDefinition
      Queued: MessageTypeDefinition<_holdfast_v1_Queued, _holdfast_v1_Queued__Output>
      Release: MessageTypeDefinition<_holdfast_v1_Release, _holdfast_v1_Release__Output>
      ReleaseRequest: MessageTypeDefinition<_holdfast_v1_ReleaseRequest, _holdfast_v1_ReleaseRequest__Output>
      ReleaseResponse: MessageTypeDefinition<_holdfast_v1_ReleaseResponse, _holdfast_v1_ReleaseResponse__Output>
      Released: MessageTypeDefinition<_holdfast_v1_Released, _holdfast_v1_Released__Output>
      RenewRequest: MessageTypeDefinition<_holdfast_v1_RenewRequest, _holdfast_v1_RenewRequest__Output>
      RenewResponse: MessageTypeDefinition<_holdfast_v1_RenewResponse, _holdfast_v1_RenewResponse__Output>
      Resume: MessageTypeDefinition<_holdfast_v1_Resume, _holdfast_v1_Resume__Output>
      Revoking: MessageTypeDefinition<_holdfast_v1_Revoking, _holdfast_v1_Revoking__Output>
      Safe: MessageTypeDefinition<_holdfast_v1_Safe, _holdfast_v1_Safe__Output>
      SessionRequest: MessageTypeDefinition<_holdfast_v1_SessionRequest, _holdfast_v1_SessionRequest__Output>
      SessionResponse: MessageTypeDefinition<_holdfast_v1_SessionResponse, _holdfast_v1_SessionResponse__Output>
      TryAcquireRequest: MessageTypeDefinition<_holdfast_v1_TryAcquireRequest, _holdfast_v1_TryAcquireRequest__Output>
      TryAcquireResponse: MessageTypeDefinition<_holdfast_v1_TryAcquireResponse, _holdfast_v1_TryAcquireResponse__Output>
      ValidateTokenRequest: MessageTypeDefinition<_holdfast_v1_ValidateTokenRequest, _holdfast_v1_ValidateTokenRequest__Output>
      ValidateTokenResponse: MessageTypeDefinition<_holdfast_v1_ValidateTokenResponse, _holdfast_v1_ValidateTokenResponse__Output>
      Welcome: MessageTypeDefinition<_holdfast_v1_Welcome, _holdfast_v1_Welcome__Output>
    }
  }
}

