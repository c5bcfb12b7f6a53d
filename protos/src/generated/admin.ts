import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Any as _google_protobuf_Any, Any__Output as _google_protobuf_Any__Output } from './google/protobuf/Any.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from './google/protobuf/Duration.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.ts';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from './google/rpc/Status.ts';
import type { Acquire as _holdfast_v1_Acquire, Acquire__Output as _holdfast_v1_Acquire__Output } from './holdfast/v1/Acquire.ts';
import type { AcquireRequest as _holdfast_v1_AcquireRequest, AcquireRequest__Output as _holdfast_v1_AcquireRequest__Output } from './holdfast/v1/AcquireRequest.ts';
import type { AcquireResponse as _holdfast_v1_AcquireResponse, AcquireResponse__Output as _holdfast_v1_AcquireResponse__Output } from './holdfast/v1/AcquireResponse.ts';
import type { AdminServiceClient as _holdfast_v1_AdminServiceClient, AdminServiceDefinition as _holdfast_v1_AdminServiceDefinition } from './holdfast/v1/AdminService.ts';
import type { BatchRequest as _holdfast_v1_BatchRequest, BatchRequest__Output as _holdfast_v1_BatchRequest__Output } from './holdfast/v1/BatchRequest.ts';
import type { BatchResponse as _holdfast_v1_BatchResponse, BatchResponse__Output as _holdfast_v1_BatchResponse__Output } from './holdfast/v1/BatchResponse.ts';
import type { CacheServiceClient as _holdfast_v1_CacheServiceClient, CacheServiceDefinition as _holdfast_v1_CacheServiceDefinition } from './holdfast/v1/CacheService.ts';
import type { CacheStats as _holdfast_v1_CacheStats, CacheStats__Output as _holdfast_v1_CacheStats__Output } from './holdfast/v1/CacheStats.ts';
import type { CancelAcquire as _holdfast_v1_CancelAcquire, CancelAcquire__Output as _holdfast_v1_CancelAcquire__Output } from './holdfast/v1/CancelAcquire.ts';
import type { CompactRequest as _holdfast_v1_CompactRequest, CompactRequest__Output as _holdfast_v1_CompactRequest__Output } from './holdfast/v1/CompactRequest.ts';
import type { CompactResponse as _holdfast_v1_CompactResponse, CompactResponse__Output as _holdfast_v1_CompactResponse__Output } from './holdfast/v1/CompactResponse.ts';
import type { Contended as _holdfast_v1_Contended, Contended__Output as _holdfast_v1_Contended__Output } from './holdfast/v1/Contended.ts';
import type { ContendedLock as _holdfast_v1_ContendedLock, ContendedLock__Output as _holdfast_v1_ContendedLock__Output } from './holdfast/v1/ContendedLock.ts';
import type { DeleteRequest as _holdfast_v1_DeleteRequest, DeleteRequest__Output as _holdfast_v1_DeleteRequest__Output } from './holdfast/v1/DeleteRequest.ts';
import type { DeleteResponse as _holdfast_v1_DeleteResponse, DeleteResponse__Output as _holdfast_v1_DeleteResponse__Output } from './holdfast/v1/DeleteResponse.ts';
import type { Denied as _holdfast_v1_Denied, Denied__Output as _holdfast_v1_Denied__Output } from './holdfast/v1/Denied.ts';
import type { Draining as _holdfast_v1_Draining, Draining__Output as _holdfast_v1_Draining__Output } from './holdfast/v1/Draining.ts';
import type { Entry as _holdfast_v1_Entry, Entry__Output as _holdfast_v1_Entry__Output } from './holdfast/v1/Entry.ts';
import type { Fence as _holdfast_v1_Fence, Fence__Output as _holdfast_v1_Fence__Output } from './holdfast/v1/Fence.ts';
import type { FileDamage as _holdfast_v1_FileDamage, FileDamage__Output as _holdfast_v1_FileDamage__Output } from './holdfast/v1/FileDamage.ts';
import type { FillLease as _holdfast_v1_FillLease, FillLease__Output as _holdfast_v1_FillLease__Output } from './holdfast/v1/FillLease.ts';
import type { FlushRequest as _holdfast_v1_FlushRequest, FlushRequest__Output as _holdfast_v1_FlushRequest__Output } from './holdfast/v1/FlushRequest.ts';
import type { FlushResponse as _holdfast_v1_FlushResponse, FlushResponse__Output as _holdfast_v1_FlushResponse__Output } from './holdfast/v1/FlushResponse.ts';
import type { ForceReleaseRequest as _holdfast_v1_ForceReleaseRequest, ForceReleaseRequest__Output as _holdfast_v1_ForceReleaseRequest__Output } from './holdfast/v1/ForceReleaseRequest.ts';
import type { ForceReleaseResponse as _holdfast_v1_ForceReleaseResponse, ForceReleaseResponse__Output as _holdfast_v1_ForceReleaseResponse__Output } from './holdfast/v1/ForceReleaseResponse.ts';
import type { GetLockRequest as _holdfast_v1_GetLockRequest, GetLockRequest__Output as _holdfast_v1_GetLockRequest__Output } from './holdfast/v1/GetLockRequest.ts';
import type { GetLockResponse as _holdfast_v1_GetLockResponse, GetLockResponse__Output as _holdfast_v1_GetLockResponse__Output } from './holdfast/v1/GetLockResponse.ts';
import type { GetManyRequest as _holdfast_v1_GetManyRequest, GetManyRequest__Output as _holdfast_v1_GetManyRequest__Output } from './holdfast/v1/GetManyRequest.ts';
import type { GetManyResponse as _holdfast_v1_GetManyResponse, GetManyResponse__Output as _holdfast_v1_GetManyResponse__Output } from './holdfast/v1/GetManyResponse.ts';
import type { GetManyResult as _holdfast_v1_GetManyResult, GetManyResult__Output as _holdfast_v1_GetManyResult__Output } from './holdfast/v1/GetManyResult.ts';
import type { GetOrLeaseRequest as _holdfast_v1_GetOrLeaseRequest, GetOrLeaseRequest__Output as _holdfast_v1_GetOrLeaseRequest__Output } from './holdfast/v1/GetOrLeaseRequest.ts';
import type { GetOrLeaseResponse as _holdfast_v1_GetOrLeaseResponse, GetOrLeaseResponse__Output as _holdfast_v1_GetOrLeaseResponse__Output } from './holdfast/v1/GetOrLeaseResponse.ts';
import type { GetRequest as _holdfast_v1_GetRequest, GetRequest__Output as _holdfast_v1_GetRequest__Output } from './holdfast/v1/GetRequest.ts';
import type { GetResponse as _holdfast_v1_GetResponse, GetResponse__Output as _holdfast_v1_GetResponse__Output } from './holdfast/v1/GetResponse.ts';
import type { GetServerInfoRequest as _holdfast_v1_GetServerInfoRequest, GetServerInfoRequest__Output as _holdfast_v1_GetServerInfoRequest__Output } from './holdfast/v1/GetServerInfoRequest.ts';
import type { GetServerInfoResponse as _holdfast_v1_GetServerInfoResponse, GetServerInfoResponse__Output as _holdfast_v1_GetServerInfoResponse__Output } from './holdfast/v1/GetServerInfoResponse.ts';
import type { GetStatsRequest as _holdfast_v1_GetStatsRequest, GetStatsRequest__Output as _holdfast_v1_GetStatsRequest__Output } from './holdfast/v1/GetStatsRequest.ts';
import type { GetStatsResponse as _holdfast_v1_GetStatsResponse, GetStatsResponse__Output as _holdfast_v1_GetStatsResponse__Output } from './holdfast/v1/GetStatsResponse.ts';
import type { Goodbye as _holdfast_v1_Goodbye, Goodbye__Output as _holdfast_v1_Goodbye__Output } from './holdfast/v1/Goodbye.ts';
import type { Granted as _holdfast_v1_Granted, Granted__Output as _holdfast_v1_Granted__Output } from './holdfast/v1/Granted.ts';
import type { GrantedLease as _holdfast_v1_GrantedLease, GrantedLease__Output as _holdfast_v1_GrantedLease__Output } from './holdfast/v1/GrantedLease.ts';
import type { HeldLease as _holdfast_v1_HeldLease, HeldLease__Output as _holdfast_v1_HeldLease__Output } from './holdfast/v1/HeldLease.ts';
import type { Hello as _holdfast_v1_Hello, Hello__Output as _holdfast_v1_Hello__Output } from './holdfast/v1/Hello.ts';
import type { InvalidateTagsRequest as _holdfast_v1_InvalidateTagsRequest, InvalidateTagsRequest__Output as _holdfast_v1_InvalidateTagsRequest__Output } from './holdfast/v1/InvalidateTagsRequest.ts';
import type { InvalidateTagsResponse as _holdfast_v1_InvalidateTagsResponse, InvalidateTagsResponse__Output as _holdfast_v1_InvalidateTagsResponse__Output } from './holdfast/v1/InvalidateTagsResponse.ts';
import type { Jeopardy as _holdfast_v1_Jeopardy, Jeopardy__Output as _holdfast_v1_Jeopardy__Output } from './holdfast/v1/Jeopardy.ts';
import type { KeepAlive as _holdfast_v1_KeepAlive, KeepAlive__Output as _holdfast_v1_KeepAlive__Output } from './holdfast/v1/KeepAlive.ts';
import type { KeepAliveAck as _holdfast_v1_KeepAliveAck, KeepAliveAck__Output as _holdfast_v1_KeepAliveAck__Output } from './holdfast/v1/KeepAliveAck.ts';
import type { Limits as _holdfast_v1_Limits, Limits__Output as _holdfast_v1_Limits__Output } from './holdfast/v1/Limits.ts';
import type { ListLocksRequest as _holdfast_v1_ListLocksRequest, ListLocksRequest__Output as _holdfast_v1_ListLocksRequest__Output } from './holdfast/v1/ListLocksRequest.ts';
import type { ListLocksResponse as _holdfast_v1_ListLocksResponse, ListLocksResponse__Output as _holdfast_v1_ListLocksResponse__Output } from './holdfast/v1/ListLocksResponse.ts';
import type { ListSessionsRequest as _holdfast_v1_ListSessionsRequest, ListSessionsRequest__Output as _holdfast_v1_ListSessionsRequest__Output } from './holdfast/v1/ListSessionsRequest.ts';
import type { ListSessionsResponse as _holdfast_v1_ListSessionsResponse, ListSessionsResponse__Output as _holdfast_v1_ListSessionsResponse__Output } from './holdfast/v1/ListSessionsResponse.ts';
import type { LockHolder as _holdfast_v1_LockHolder, LockHolder__Output as _holdfast_v1_LockHolder__Output } from './holdfast/v1/LockHolder.ts';
import type { LockInfo as _holdfast_v1_LockInfo, LockInfo__Output as _holdfast_v1_LockInfo__Output } from './holdfast/v1/LockInfo.ts';
import type { LockServiceClient as _holdfast_v1_LockServiceClient, LockServiceDefinition as _holdfast_v1_LockServiceDefinition } from './holdfast/v1/LockService.ts';
import type { Lost as _holdfast_v1_Lost, Lost__Output as _holdfast_v1_Lost__Output } from './holdfast/v1/Lost.ts';
import type { Operation as _holdfast_v1_Operation, Operation__Output as _holdfast_v1_Operation__Output } from './holdfast/v1/Operation.ts';
import type { OperationResult as _holdfast_v1_OperationResult, OperationResult__Output as _holdfast_v1_OperationResult__Output } from './holdfast/v1/OperationResult.ts';
import type { PipelineRequest as _holdfast_v1_PipelineRequest, PipelineRequest__Output as _holdfast_v1_PipelineRequest__Output } from './holdfast/v1/PipelineRequest.ts';
import type { PipelineResponse as _holdfast_v1_PipelineResponse, PipelineResponse__Output as _holdfast_v1_PipelineResponse__Output } from './holdfast/v1/PipelineResponse.ts';
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
import type { ServerStats as _holdfast_v1_ServerStats, ServerStats__Output as _holdfast_v1_ServerStats__Output } from './holdfast/v1/ServerStats.ts';
import type { SessionInfo as _holdfast_v1_SessionInfo, SessionInfo__Output as _holdfast_v1_SessionInfo__Output } from './holdfast/v1/SessionInfo.ts';
import type { SessionRequest as _holdfast_v1_SessionRequest, SessionRequest__Output as _holdfast_v1_SessionRequest__Output } from './holdfast/v1/SessionRequest.ts';
import type { SessionResponse as _holdfast_v1_SessionResponse, SessionResponse__Output as _holdfast_v1_SessionResponse__Output } from './holdfast/v1/SessionResponse.ts';
import type { SetManyRequest as _holdfast_v1_SetManyRequest, SetManyRequest__Output as _holdfast_v1_SetManyRequest__Output } from './holdfast/v1/SetManyRequest.ts';
import type { SetManyResponse as _holdfast_v1_SetManyResponse, SetManyResponse__Output as _holdfast_v1_SetManyResponse__Output } from './holdfast/v1/SetManyResponse.ts';
import type { SetManyResult as _holdfast_v1_SetManyResult, SetManyResult__Output as _holdfast_v1_SetManyResult__Output } from './holdfast/v1/SetManyResult.ts';
import type { SetRequest as _holdfast_v1_SetRequest, SetRequest__Output as _holdfast_v1_SetRequest__Output } from './holdfast/v1/SetRequest.ts';
import type { SetResponse as _holdfast_v1_SetResponse, SetResponse__Output as _holdfast_v1_SetResponse__Output } from './holdfast/v1/SetResponse.ts';
import type { TouchRequest as _holdfast_v1_TouchRequest, TouchRequest__Output as _holdfast_v1_TouchRequest__Output } from './holdfast/v1/TouchRequest.ts';
import type { TouchResponse as _holdfast_v1_TouchResponse, TouchResponse__Output as _holdfast_v1_TouchResponse__Output } from './holdfast/v1/TouchResponse.ts';
import type { TryAcquireRequest as _holdfast_v1_TryAcquireRequest, TryAcquireRequest__Output as _holdfast_v1_TryAcquireRequest__Output } from './holdfast/v1/TryAcquireRequest.ts';
import type { TryAcquireResponse as _holdfast_v1_TryAcquireResponse, TryAcquireResponse__Output as _holdfast_v1_TryAcquireResponse__Output } from './holdfast/v1/TryAcquireResponse.ts';
import type { ValidateTokenRequest as _holdfast_v1_ValidateTokenRequest, ValidateTokenRequest__Output as _holdfast_v1_ValidateTokenRequest__Output } from './holdfast/v1/ValidateTokenRequest.ts';
import type { ValidateTokenResponse as _holdfast_v1_ValidateTokenResponse, ValidateTokenResponse__Output as _holdfast_v1_ValidateTokenResponse__Output } from './holdfast/v1/ValidateTokenResponse.ts';
import type { Value as _holdfast_v1_Value, Value__Output as _holdfast_v1_Value__Output } from './holdfast/v1/Value.ts';
import type { VerifyRequest as _holdfast_v1_VerifyRequest, VerifyRequest__Output as _holdfast_v1_VerifyRequest__Output } from './holdfast/v1/VerifyRequest.ts';
import type { VerifyResponse as _holdfast_v1_VerifyResponse, VerifyResponse__Output as _holdfast_v1_VerifyResponse__Output } from './holdfast/v1/VerifyResponse.ts';
import type { WatchLocksRequest as _holdfast_v1_WatchLocksRequest, WatchLocksRequest__Output as _holdfast_v1_WatchLocksRequest__Output } from './holdfast/v1/WatchLocksRequest.ts';
import type { WatchLocksResponse as _holdfast_v1_WatchLocksResponse, WatchLocksResponse__Output as _holdfast_v1_WatchLocksResponse__Output } from './holdfast/v1/WatchLocksResponse.ts';
import type { Welcome as _holdfast_v1_Welcome, Welcome__Output as _holdfast_v1_Welcome__Output } from './holdfast/v1/Welcome.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Any: MessageTypeDefinition<_google_protobuf_Any, _google_protobuf_Any__Output>
      Duration: MessageTypeDefinition<_google_protobuf_Duration, _google_protobuf_Duration__Output>
      Timestamp: MessageTypeDefinition<_google_protobuf_Timestamp, _google_protobuf_Timestamp__Output>
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
      /**
       * Facts and maintenance. Whoever can reach the server may call it: keep it to loopback or a Unix
       * socket.
       */
      AdminService: SubtypeConstructor<typeof grpc.Client, _holdfast_v1_AdminServiceClient> & { service: _holdfast_v1_AdminServiceDefinition }
      BatchRequest: MessageTypeDefinition<_holdfast_v1_BatchRequest, _holdfast_v1_BatchRequest__Output>
      BatchResponse: MessageTypeDefinition<_holdfast_v1_BatchResponse, _holdfast_v1_BatchResponse__Output>
      /**
       * Reads and writes of one cache. Each operation on a key is atomic; operations of one client on one
       * stream, or in one batch, execute in the order sent.
       */
      CacheService: SubtypeConstructor<typeof grpc.Client, _holdfast_v1_CacheServiceClient> & { service: _holdfast_v1_CacheServiceDefinition }
      CacheStats: MessageTypeDefinition<_holdfast_v1_CacheStats, _holdfast_v1_CacheStats__Output>
      CancelAcquire: MessageTypeDefinition<_holdfast_v1_CancelAcquire, _holdfast_v1_CancelAcquire__Output>
      CompactRequest: MessageTypeDefinition<_holdfast_v1_CompactRequest, _holdfast_v1_CompactRequest__Output>
      CompactResponse: MessageTypeDefinition<_holdfast_v1_CompactResponse, _holdfast_v1_CompactResponse__Output>
      Contended: MessageTypeDefinition<_holdfast_v1_Contended, _holdfast_v1_Contended__Output>
      ContendedLock: MessageTypeDefinition<_holdfast_v1_ContendedLock, _holdfast_v1_ContendedLock__Output>
      DeleteRequest: MessageTypeDefinition<_holdfast_v1_DeleteRequest, _holdfast_v1_DeleteRequest__Output>
      DeleteResponse: MessageTypeDefinition<_holdfast_v1_DeleteResponse, _holdfast_v1_DeleteResponse__Output>
      Denied: MessageTypeDefinition<_holdfast_v1_Denied, _holdfast_v1_Denied__Output>
      Draining: MessageTypeDefinition<_holdfast_v1_Draining, _holdfast_v1_Draining__Output>
      Durability: EnumTypeDefinition
      Encoding: EnumTypeDefinition
      Entry: MessageTypeDefinition<_holdfast_v1_Entry, _holdfast_v1_Entry__Output>
      Fence: MessageTypeDefinition<_holdfast_v1_Fence, _holdfast_v1_Fence__Output>
      FileDamage: MessageTypeDefinition<_holdfast_v1_FileDamage, _holdfast_v1_FileDamage__Output>
      FileDamageKind: EnumTypeDefinition
      FillLease: MessageTypeDefinition<_holdfast_v1_FillLease, _holdfast_v1_FillLease__Output>
      FlushRequest: MessageTypeDefinition<_holdfast_v1_FlushRequest, _holdfast_v1_FlushRequest__Output>
      FlushResponse: MessageTypeDefinition<_holdfast_v1_FlushResponse, _holdfast_v1_FlushResponse__Output>
      ForceReleaseRequest: MessageTypeDefinition<_holdfast_v1_ForceReleaseRequest, _holdfast_v1_ForceReleaseRequest__Output>
      ForceReleaseResponse: MessageTypeDefinition<_holdfast_v1_ForceReleaseResponse, _holdfast_v1_ForceReleaseResponse__Output>
      GetLockRequest: MessageTypeDefinition<_holdfast_v1_GetLockRequest, _holdfast_v1_GetLockRequest__Output>
      GetLockResponse: MessageTypeDefinition<_holdfast_v1_GetLockResponse, _holdfast_v1_GetLockResponse__Output>
      GetManyRequest: MessageTypeDefinition<_holdfast_v1_GetManyRequest, _holdfast_v1_GetManyRequest__Output>
      GetManyResponse: MessageTypeDefinition<_holdfast_v1_GetManyResponse, _holdfast_v1_GetManyResponse__Output>
      GetManyResult: MessageTypeDefinition<_holdfast_v1_GetManyResult, _holdfast_v1_GetManyResult__Output>
      GetOrLeaseRequest: MessageTypeDefinition<_holdfast_v1_GetOrLeaseRequest, _holdfast_v1_GetOrLeaseRequest__Output>
      GetOrLeaseResponse: MessageTypeDefinition<_holdfast_v1_GetOrLeaseResponse, _holdfast_v1_GetOrLeaseResponse__Output>
      GetRequest: MessageTypeDefinition<_holdfast_v1_GetRequest, _holdfast_v1_GetRequest__Output>
      GetResponse: MessageTypeDefinition<_holdfast_v1_GetResponse, _holdfast_v1_GetResponse__Output>
      GetServerInfoRequest: MessageTypeDefinition<_holdfast_v1_GetServerInfoRequest, _holdfast_v1_GetServerInfoRequest__Output>
      GetServerInfoResponse: MessageTypeDefinition<_holdfast_v1_GetServerInfoResponse, _holdfast_v1_GetServerInfoResponse__Output>
      GetStatsRequest: MessageTypeDefinition<_holdfast_v1_GetStatsRequest, _holdfast_v1_GetStatsRequest__Output>
      GetStatsResponse: MessageTypeDefinition<_holdfast_v1_GetStatsResponse, _holdfast_v1_GetStatsResponse__Output>
      Goodbye: MessageTypeDefinition<_holdfast_v1_Goodbye, _holdfast_v1_Goodbye__Output>
      Granted: MessageTypeDefinition<_holdfast_v1_Granted, _holdfast_v1_Granted__Output>
      GrantedLease: MessageTypeDefinition<_holdfast_v1_GrantedLease, _holdfast_v1_GrantedLease__Output>
      HeldLease: MessageTypeDefinition<_holdfast_v1_HeldLease, _holdfast_v1_HeldLease__Output>
      Hello: MessageTypeDefinition<_holdfast_v1_Hello, _holdfast_v1_Hello__Output>
      InvalidateTagsRequest: MessageTypeDefinition<_holdfast_v1_InvalidateTagsRequest, _holdfast_v1_InvalidateTagsRequest__Output>
      InvalidateTagsResponse: MessageTypeDefinition<_holdfast_v1_InvalidateTagsResponse, _holdfast_v1_InvalidateTagsResponse__Output>
      Jeopardy: MessageTypeDefinition<_holdfast_v1_Jeopardy, _holdfast_v1_Jeopardy__Output>
      KeepAlive: MessageTypeDefinition<_holdfast_v1_KeepAlive, _holdfast_v1_KeepAlive__Output>
      KeepAliveAck: MessageTypeDefinition<_holdfast_v1_KeepAliveAck, _holdfast_v1_KeepAliveAck__Output>
      Limits: MessageTypeDefinition<_holdfast_v1_Limits, _holdfast_v1_Limits__Output>
      ListLocksRequest: MessageTypeDefinition<_holdfast_v1_ListLocksRequest, _holdfast_v1_ListLocksRequest__Output>
      ListLocksResponse: MessageTypeDefinition<_holdfast_v1_ListLocksResponse, _holdfast_v1_ListLocksResponse__Output>
      ListSessionsRequest: MessageTypeDefinition<_holdfast_v1_ListSessionsRequest, _holdfast_v1_ListSessionsRequest__Output>
      ListSessionsResponse: MessageTypeDefinition<_holdfast_v1_ListSessionsResponse, _holdfast_v1_ListSessionsResponse__Output>
      LockChange: EnumTypeDefinition
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
      Operation: MessageTypeDefinition<_holdfast_v1_Operation, _holdfast_v1_Operation__Output>
      OperationResult: MessageTypeDefinition<_holdfast_v1_OperationResult, _holdfast_v1_OperationResult__Output>
      PipelineRequest: MessageTypeDefinition<_holdfast_v1_PipelineRequest, _holdfast_v1_PipelineRequest__Output>
      PipelineResponse: MessageTypeDefinition<_holdfast_v1_PipelineResponse, _holdfast_v1_PipelineResponse__Output>
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
      ServerStats: MessageTypeDefinition<_holdfast_v1_ServerStats, _holdfast_v1_ServerStats__Output>
      SessionInfo: MessageTypeDefinition<_holdfast_v1_SessionInfo, _holdfast_v1_SessionInfo__Output>
      SessionRequest: MessageTypeDefinition<_holdfast_v1_SessionRequest, _holdfast_v1_SessionRequest__Output>
      SessionResponse: MessageTypeDefinition<_holdfast_v1_SessionResponse, _holdfast_v1_SessionResponse__Output>
      SetManyRequest: MessageTypeDefinition<_holdfast_v1_SetManyRequest, _holdfast_v1_SetManyRequest__Output>
      SetManyResponse: MessageTypeDefinition<_holdfast_v1_SetManyResponse, _holdfast_v1_SetManyResponse__Output>
      SetManyResult: MessageTypeDefinition<_holdfast_v1_SetManyResult, _holdfast_v1_SetManyResult__Output>
      SetRequest: MessageTypeDefinition<_holdfast_v1_SetRequest, _holdfast_v1_SetRequest__Output>
      SetResponse: MessageTypeDefinition<_holdfast_v1_SetResponse, _holdfast_v1_SetResponse__Output>
      TouchRequest: MessageTypeDefinition<_holdfast_v1_TouchRequest, _holdfast_v1_TouchRequest__Output>
      TouchResponse: MessageTypeDefinition<_holdfast_v1_TouchResponse, _holdfast_v1_TouchResponse__Output>
      TryAcquireRequest: MessageTypeDefinition<_holdfast_v1_TryAcquireRequest, _holdfast_v1_TryAcquireRequest__Output>
      TryAcquireResponse: MessageTypeDefinition<_holdfast_v1_TryAcquireResponse, _holdfast_v1_TryAcquireResponse__Output>
      ValidateTokenRequest: MessageTypeDefinition<_holdfast_v1_ValidateTokenRequest, _holdfast_v1_ValidateTokenRequest__Output>
      ValidateTokenResponse: MessageTypeDefinition<_holdfast_v1_ValidateTokenResponse, _holdfast_v1_ValidateTokenResponse__Output>
      Value: MessageTypeDefinition<_holdfast_v1_Value, _holdfast_v1_Value__Output>
      VerifyRequest: MessageTypeDefinition<_holdfast_v1_VerifyRequest, _holdfast_v1_VerifyRequest__Output>
      VerifyResponse: MessageTypeDefinition<_holdfast_v1_VerifyResponse, _holdfast_v1_VerifyResponse__Output>
      WatchLocksRequest: MessageTypeDefinition<_holdfast_v1_WatchLocksRequest, _holdfast_v1_WatchLocksRequest__Output>
      WatchLocksResponse: MessageTypeDefinition<_holdfast_v1_WatchLocksResponse, _holdfast_v1_WatchLocksResponse__Output>
      Welcome: MessageTypeDefinition<_holdfast_v1_Welcome, _holdfast_v1_Welcome__Output>
    }
  }
}

