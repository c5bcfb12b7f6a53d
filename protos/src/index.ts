// Messages: `X` is what may be sent, `X__Output` what is received. Generated from the protos.
export type { Any, Any__Output } from './generated/google/protobuf/Any.ts';
export type { Duration, Duration__Output } from './generated/google/protobuf/Duration.ts';
export type { Timestamp, Timestamp__Output } from './generated/google/protobuf/Timestamp.ts';
export type { BadRequest, BadRequest__Output } from './generated/google/rpc/BadRequest.ts';
export type { ErrorInfo, ErrorInfo__Output } from './generated/google/rpc/ErrorInfo.ts';
export type { RetryInfo, RetryInfo__Output } from './generated/google/rpc/RetryInfo.ts';
export type { Status, Status__Output } from './generated/google/rpc/Status.ts';
export type { Acquire, Acquire__Output } from './generated/holdfast/v1/Acquire.ts';
export type {
  AcquireRequest,
  AcquireRequest__Output,
} from './generated/holdfast/v1/AcquireRequest.ts';
export type {
  AcquireResponse,
  AcquireResponse__Output,
} from './generated/holdfast/v1/AcquireResponse.ts';
export type {
  AdminServiceClient,
  AdminServiceDefinition,
  AdminServiceHandlers,
} from './generated/holdfast/v1/AdminService.ts';
export type { BatchRequest, BatchRequest__Output } from './generated/holdfast/v1/BatchRequest.ts';
export type {
  BatchResponse,
  BatchResponse__Output,
} from './generated/holdfast/v1/BatchResponse.ts';
export type {
  CacheServiceClient,
  CacheServiceDefinition,
  CacheServiceHandlers,
} from './generated/holdfast/v1/CacheService.ts';
export type { CacheStats, CacheStats__Output } from './generated/holdfast/v1/CacheStats.ts';
export type {
  CancelAcquire,
  CancelAcquire__Output,
} from './generated/holdfast/v1/CancelAcquire.ts';
export type {
  CompactRequest,
  CompactRequest__Output,
} from './generated/holdfast/v1/CompactRequest.ts';
export type {
  CompactResponse,
  CompactResponse__Output,
} from './generated/holdfast/v1/CompactResponse.ts';
export type { Contended, Contended__Output } from './generated/holdfast/v1/Contended.ts';
export type {
  ContendedLock,
  ContendedLock__Output,
} from './generated/holdfast/v1/ContendedLock.ts';
export type {
  DeleteRequest,
  DeleteRequest__Output,
} from './generated/holdfast/v1/DeleteRequest.ts';
export type {
  DeleteResponse,
  DeleteResponse__Output,
} from './generated/holdfast/v1/DeleteResponse.ts';
export type { Denied, Denied__Output } from './generated/holdfast/v1/Denied.ts';
export type { Draining, Draining__Output } from './generated/holdfast/v1/Draining.ts';
export type { Durability, Durability__Output } from './generated/holdfast/v1/Durability.ts';
export type { Encoding, Encoding__Output } from './generated/holdfast/v1/Encoding.ts';
export type { Entry, Entry__Output } from './generated/holdfast/v1/Entry.ts';
export type { FileDamage, FileDamage__Output } from './generated/holdfast/v1/FileDamage.ts';
export type { FileDamageKind } from './generated/holdfast/v1/FileDamageKind.ts';
export type { FillLease, FillLease__Output } from './generated/holdfast/v1/FillLease.ts';
export type { FlushRequest, FlushRequest__Output } from './generated/holdfast/v1/FlushRequest.ts';
export type {
  FlushResponse,
  FlushResponse__Output,
} from './generated/holdfast/v1/FlushResponse.ts';
export type {
  ForceReleaseRequest,
  ForceReleaseRequest__Output,
} from './generated/holdfast/v1/ForceReleaseRequest.ts';
export type {
  ForceReleaseResponse,
  ForceReleaseResponse__Output,
} from './generated/holdfast/v1/ForceReleaseResponse.ts';
export type {
  GetLockRequest,
  GetLockRequest__Output,
} from './generated/holdfast/v1/GetLockRequest.ts';
export type {
  GetLockResponse,
  GetLockResponse__Output,
} from './generated/holdfast/v1/GetLockResponse.ts';
export type {
  GetManyRequest,
  GetManyRequest__Output,
} from './generated/holdfast/v1/GetManyRequest.ts';
export type {
  GetManyResponse,
  GetManyResponse__Output,
} from './generated/holdfast/v1/GetManyResponse.ts';
export type {
  GetManyResult,
  GetManyResult__Output,
} from './generated/holdfast/v1/GetManyResult.ts';
export type {
  GetOrLeaseRequest,
  GetOrLeaseRequest__Output,
} from './generated/holdfast/v1/GetOrLeaseRequest.ts';
export type {
  GetOrLeaseResponse,
  GetOrLeaseResponse__Output,
} from './generated/holdfast/v1/GetOrLeaseResponse.ts';
export type { GetRequest, GetRequest__Output } from './generated/holdfast/v1/GetRequest.ts';
export type { GetResponse, GetResponse__Output } from './generated/holdfast/v1/GetResponse.ts';
export type {
  GetServerInfoRequest,
  GetServerInfoRequest__Output,
} from './generated/holdfast/v1/GetServerInfoRequest.ts';
export type {
  GetServerInfoResponse,
  GetServerInfoResponse__Output,
} from './generated/holdfast/v1/GetServerInfoResponse.ts';
export type {
  GetStatsRequest,
  GetStatsRequest__Output,
} from './generated/holdfast/v1/GetStatsRequest.ts';
export type {
  GetStatsResponse,
  GetStatsResponse__Output,
} from './generated/holdfast/v1/GetStatsResponse.ts';
export type { Goodbye, Goodbye__Output } from './generated/holdfast/v1/Goodbye.ts';
export type { Granted, Granted__Output } from './generated/holdfast/v1/Granted.ts';
export type { GrantedLease, GrantedLease__Output } from './generated/holdfast/v1/GrantedLease.ts';
export type { HeldLease, HeldLease__Output } from './generated/holdfast/v1/HeldLease.ts';
export type { Hello, Hello__Output } from './generated/holdfast/v1/Hello.ts';
export type { KeepAlive, KeepAlive__Output } from './generated/holdfast/v1/KeepAlive.ts';
export type { KeepAliveAck, KeepAliveAck__Output } from './generated/holdfast/v1/KeepAliveAck.ts';
export type { Limits, Limits__Output } from './generated/holdfast/v1/Limits.ts';
export type {
  ListLocksRequest,
  ListLocksRequest__Output,
} from './generated/holdfast/v1/ListLocksRequest.ts';
export type {
  ListLocksResponse,
  ListLocksResponse__Output,
} from './generated/holdfast/v1/ListLocksResponse.ts';
export type {
  ListSessionsRequest,
  ListSessionsRequest__Output,
} from './generated/holdfast/v1/ListSessionsRequest.ts';
export type {
  ListSessionsResponse,
  ListSessionsResponse__Output,
} from './generated/holdfast/v1/ListSessionsResponse.ts';
export type { LockChange, LockChange__Output } from './generated/holdfast/v1/LockChange.ts';
export type { LockHolder, LockHolder__Output } from './generated/holdfast/v1/LockHolder.ts';
export type { LockInfo, LockInfo__Output } from './generated/holdfast/v1/LockInfo.ts';
export type { LockMode, LockMode__Output } from './generated/holdfast/v1/LockMode.ts';
export type { LockScope, LockScope__Output } from './generated/holdfast/v1/LockScope.ts';
export type {
  LockServiceClient,
  LockServiceDefinition,
  LockServiceHandlers,
} from './generated/holdfast/v1/LockService.ts';
export type { Lost, Lost__Output } from './generated/holdfast/v1/Lost.ts';
export type { LostReason, LostReason__Output } from './generated/holdfast/v1/LostReason.ts';
export type { Operation, Operation__Output } from './generated/holdfast/v1/Operation.ts';
export type {
  OperationResult,
  OperationResult__Output,
} from './generated/holdfast/v1/OperationResult.ts';
export type {
  PipelineRequest,
  PipelineRequest__Output,
} from './generated/holdfast/v1/PipelineRequest.ts';
export type {
  PipelineResponse,
  PipelineResponse__Output,
} from './generated/holdfast/v1/PipelineResponse.ts';
export type { Queued, Queued__Output } from './generated/holdfast/v1/Queued.ts';
export type { Release, Release__Output } from './generated/holdfast/v1/Release.ts';
export type { Released, Released__Output } from './generated/holdfast/v1/Released.ts';
export type {
  ReleaseRequest,
  ReleaseRequest__Output,
} from './generated/holdfast/v1/ReleaseRequest.ts';
export type {
  ReleaseResponse,
  ReleaseResponse__Output,
} from './generated/holdfast/v1/ReleaseResponse.ts';
export type { RenewRequest, RenewRequest__Output } from './generated/holdfast/v1/RenewRequest.ts';
export type {
  RenewResponse,
  RenewResponse__Output,
} from './generated/holdfast/v1/RenewResponse.ts';
export type { Resume, Resume__Output } from './generated/holdfast/v1/Resume.ts';
export type { Revoking, Revoking__Output } from './generated/holdfast/v1/Revoking.ts';
export type { ServerStats, ServerStats__Output } from './generated/holdfast/v1/ServerStats.ts';
export type { SessionInfo, SessionInfo__Output } from './generated/holdfast/v1/SessionInfo.ts';
export type {
  SessionRequest,
  SessionRequest__Output,
} from './generated/holdfast/v1/SessionRequest.ts';
export type {
  SessionResponse,
  SessionResponse__Output,
} from './generated/holdfast/v1/SessionResponse.ts';
export type {
  SetManyRequest,
  SetManyRequest__Output,
} from './generated/holdfast/v1/SetManyRequest.ts';
export type {
  SetManyResponse,
  SetManyResponse__Output,
} from './generated/holdfast/v1/SetManyResponse.ts';
export type {
  SetManyResult,
  SetManyResult__Output,
} from './generated/holdfast/v1/SetManyResult.ts';
export type { SetRequest, SetRequest__Output } from './generated/holdfast/v1/SetRequest.ts';
export type { SetResponse, SetResponse__Output } from './generated/holdfast/v1/SetResponse.ts';
export type { TouchRequest, TouchRequest__Output } from './generated/holdfast/v1/TouchRequest.ts';
export type {
  TouchResponse,
  TouchResponse__Output,
} from './generated/holdfast/v1/TouchResponse.ts';
export type {
  TryAcquireRequest,
  TryAcquireRequest__Output,
} from './generated/holdfast/v1/TryAcquireRequest.ts';
export type {
  TryAcquireResponse,
  TryAcquireResponse__Output,
} from './generated/holdfast/v1/TryAcquireResponse.ts';
export type {
  ValidateTokenRequest,
  ValidateTokenRequest__Output,
} from './generated/holdfast/v1/ValidateTokenRequest.ts';
export type {
  ValidateTokenResponse,
  ValidateTokenResponse__Output,
} from './generated/holdfast/v1/ValidateTokenResponse.ts';
export type { Value, Value__Output } from './generated/holdfast/v1/Value.ts';
export type {
  VerifyRequest,
  VerifyRequest__Output,
} from './generated/holdfast/v1/VerifyRequest.ts';
export type {
  VerifyResponse,
  VerifyResponse__Output,
} from './generated/holdfast/v1/VerifyResponse.ts';
export type {
  WatchLocksRequest,
  WatchLocksRequest__Output,
} from './generated/holdfast/v1/WatchLocksRequest.ts';
export type {
  WatchLocksResponse,
  WatchLocksResponse__Output,
} from './generated/holdfast/v1/WatchLocksResponse.ts';
export type { Welcome, Welcome__Output } from './generated/holdfast/v1/Welcome.ts';
export { type HoldfastProtos, loadHoldfastProtos, readFileDescriptorSet } from './load-protos.ts';
