// Original file: holdfast/v1/admin.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CompactRequest as _holdfast_v1_CompactRequest, CompactRequest__Output as _holdfast_v1_CompactRequest__Output } from '../../holdfast/v1/CompactRequest.ts';
import type { CompactResponse as _holdfast_v1_CompactResponse, CompactResponse__Output as _holdfast_v1_CompactResponse__Output } from '../../holdfast/v1/CompactResponse.ts';
import type { FlushRequest as _holdfast_v1_FlushRequest, FlushRequest__Output as _holdfast_v1_FlushRequest__Output } from '../../holdfast/v1/FlushRequest.ts';
import type { FlushResponse as _holdfast_v1_FlushResponse, FlushResponse__Output as _holdfast_v1_FlushResponse__Output } from '../../holdfast/v1/FlushResponse.ts';
import type { ForceReleaseRequest as _holdfast_v1_ForceReleaseRequest, ForceReleaseRequest__Output as _holdfast_v1_ForceReleaseRequest__Output } from '../../holdfast/v1/ForceReleaseRequest.ts';
import type { ForceReleaseResponse as _holdfast_v1_ForceReleaseResponse, ForceReleaseResponse__Output as _holdfast_v1_ForceReleaseResponse__Output } from '../../holdfast/v1/ForceReleaseResponse.ts';
import type { GetServerInfoRequest as _holdfast_v1_GetServerInfoRequest, GetServerInfoRequest__Output as _holdfast_v1_GetServerInfoRequest__Output } from '../../holdfast/v1/GetServerInfoRequest.ts';
import type { GetServerInfoResponse as _holdfast_v1_GetServerInfoResponse, GetServerInfoResponse__Output as _holdfast_v1_GetServerInfoResponse__Output } from '../../holdfast/v1/GetServerInfoResponse.ts';
import type { GetStatsRequest as _holdfast_v1_GetStatsRequest, GetStatsRequest__Output as _holdfast_v1_GetStatsRequest__Output } from '../../holdfast/v1/GetStatsRequest.ts';
import type { GetStatsResponse as _holdfast_v1_GetStatsResponse, GetStatsResponse__Output as _holdfast_v1_GetStatsResponse__Output } from '../../holdfast/v1/GetStatsResponse.ts';
import type { ListLocksRequest as _holdfast_v1_ListLocksRequest, ListLocksRequest__Output as _holdfast_v1_ListLocksRequest__Output } from '../../holdfast/v1/ListLocksRequest.ts';
import type { ListLocksResponse as _holdfast_v1_ListLocksResponse, ListLocksResponse__Output as _holdfast_v1_ListLocksResponse__Output } from '../../holdfast/v1/ListLocksResponse.ts';
import type { ListSessionsRequest as _holdfast_v1_ListSessionsRequest, ListSessionsRequest__Output as _holdfast_v1_ListSessionsRequest__Output } from '../../holdfast/v1/ListSessionsRequest.ts';
import type { ListSessionsResponse as _holdfast_v1_ListSessionsResponse, ListSessionsResponse__Output as _holdfast_v1_ListSessionsResponse__Output } from '../../holdfast/v1/ListSessionsResponse.ts';
import type { VerifyRequest as _holdfast_v1_VerifyRequest, VerifyRequest__Output as _holdfast_v1_VerifyRequest__Output } from '../../holdfast/v1/VerifyRequest.ts';
import type { VerifyResponse as _holdfast_v1_VerifyResponse, VerifyResponse__Output as _holdfast_v1_VerifyResponse__Output } from '../../holdfast/v1/VerifyResponse.ts';
import type { WatchLocksRequest as _holdfast_v1_WatchLocksRequest, WatchLocksRequest__Output as _holdfast_v1_WatchLocksRequest__Output } from '../../holdfast/v1/WatchLocksRequest.ts';
import type { WatchLocksResponse as _holdfast_v1_WatchLocksResponse, WatchLocksResponse__Output as _holdfast_v1_WatchLocksResponse__Output } from '../../holdfast/v1/WatchLocksResponse.ts';

/**
 * Facts and maintenance. Whoever can reach the server may call it: keep it to loopback or a Unix
 * socket.
 */
export interface AdminServiceClient extends grpc.Client {
  /**
   * Frees the space of what is dead or expired now, rather than when it is needed; answers when the
   * files are gone. May take long: a call that is cancelled does not stop it, and another call
   * joins it. UNAVAILABLE (STORAGE_READ_ONLY) and RESOURCE_EXHAUSTED (NO_SPACE) like a write.
   */
  Compact(argument: _holdfast_v1_CompactRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CompactResponse__Output>): grpc.ClientUnaryCall;
  Compact(argument: _holdfast_v1_CompactRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_CompactResponse__Output>): grpc.ClientUnaryCall;
  Compact(argument: _holdfast_v1_CompactRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CompactResponse__Output>): grpc.ClientUnaryCall;
  Compact(argument: _holdfast_v1_CompactRequest, callback: grpc.requestCallback<_holdfast_v1_CompactResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Frees the space of what is dead or expired now, rather than when it is needed; answers when the
   * files are gone. May take long: a call that is cancelled does not stop it, and another call
   * joins it. UNAVAILABLE (STORAGE_READ_ONLY) and RESOURCE_EXHAUSTED (NO_SPACE) like a write.
   */
  compact(argument: _holdfast_v1_CompactRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CompactResponse__Output>): grpc.ClientUnaryCall;
  compact(argument: _holdfast_v1_CompactRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_CompactResponse__Output>): grpc.ClientUnaryCall;
  compact(argument: _holdfast_v1_CompactRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CompactResponse__Output>): grpc.ClientUnaryCall;
  compact(argument: _holdfast_v1_CompactRequest, callback: grpc.requestCallback<_holdfast_v1_CompactResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Answers once everything set before has survived a power cut.
   */
  Flush(argument: _holdfast_v1_FlushRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_FlushResponse__Output>): grpc.ClientUnaryCall;
  Flush(argument: _holdfast_v1_FlushRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_FlushResponse__Output>): grpc.ClientUnaryCall;
  Flush(argument: _holdfast_v1_FlushRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_FlushResponse__Output>): grpc.ClientUnaryCall;
  Flush(argument: _holdfast_v1_FlushRequest, callback: grpc.requestCallback<_holdfast_v1_FlushResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Answers once everything set before has survived a power cut.
   */
  flush(argument: _holdfast_v1_FlushRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_FlushResponse__Output>): grpc.ClientUnaryCall;
  flush(argument: _holdfast_v1_FlushRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_FlushResponse__Output>): grpc.ClientUnaryCall;
  flush(argument: _holdfast_v1_FlushRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_FlushResponse__Output>): grpc.ClientUnaryCall;
  flush(argument: _holdfast_v1_FlushRequest, callback: grpc.requestCallback<_holdfast_v1_FlushResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Takes a lock from whoever holds it: its holders are told, may release it in order, and have
   * lost it when the grace is over (LOST_REASON_ADMIN). The lock then goes to the next in line.
   */
  ForceRelease(argument: _holdfast_v1_ForceReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  ForceRelease(argument: _holdfast_v1_ForceReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  ForceRelease(argument: _holdfast_v1_ForceReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  ForceRelease(argument: _holdfast_v1_ForceReleaseRequest, callback: grpc.requestCallback<_holdfast_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Takes a lock from whoever holds it: its holders are told, may release it in order, and have
   * lost it when the grace is over (LOST_REASON_ADMIN). The lock then goes to the next in line.
   */
  forceRelease(argument: _holdfast_v1_ForceReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  forceRelease(argument: _holdfast_v1_ForceReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  forceRelease(argument: _holdfast_v1_ForceReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  forceRelease(argument: _holdfast_v1_ForceReleaseRequest, callback: grpc.requestCallback<_holdfast_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * What this server is: version, store, limits. Does not change while it runs.
   */
  GetServerInfo(argument: _holdfast_v1_GetServerInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  GetServerInfo(argument: _holdfast_v1_GetServerInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  GetServerInfo(argument: _holdfast_v1_GetServerInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  GetServerInfo(argument: _holdfast_v1_GetServerInfoRequest, callback: grpc.requestCallback<_holdfast_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  /**
   * What this server is: version, store, limits. Does not change while it runs.
   */
  getServerInfo(argument: _holdfast_v1_GetServerInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  getServerInfo(argument: _holdfast_v1_GetServerInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  getServerInfo(argument: _holdfast_v1_GetServerInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  getServerInfo(argument: _holdfast_v1_GetServerInfoRequest, callback: grpc.requestCallback<_holdfast_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Figures of now. Costs no scan.
   */
  GetStats(argument: _holdfast_v1_GetStatsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  GetStats(argument: _holdfast_v1_GetStatsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  GetStats(argument: _holdfast_v1_GetStatsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  GetStats(argument: _holdfast_v1_GetStatsRequest, callback: grpc.requestCallback<_holdfast_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Figures of now. Costs no scan.
   */
  getStats(argument: _holdfast_v1_GetStatsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  getStats(argument: _holdfast_v1_GetStatsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  getStats(argument: _holdfast_v1_GetStatsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  getStats(argument: _holdfast_v1_GetStatsRequest, callback: grpc.requestCallback<_holdfast_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Locks that are held or waited for, by name, a page at a time.
   */
  ListLocks(argument: _holdfast_v1_ListLocksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListLocksResponse__Output>): grpc.ClientUnaryCall;
  ListLocks(argument: _holdfast_v1_ListLocksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ListLocksResponse__Output>): grpc.ClientUnaryCall;
  ListLocks(argument: _holdfast_v1_ListLocksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListLocksResponse__Output>): grpc.ClientUnaryCall;
  ListLocks(argument: _holdfast_v1_ListLocksRequest, callback: grpc.requestCallback<_holdfast_v1_ListLocksResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Locks that are held or waited for, by name, a page at a time.
   */
  listLocks(argument: _holdfast_v1_ListLocksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListLocksResponse__Output>): grpc.ClientUnaryCall;
  listLocks(argument: _holdfast_v1_ListLocksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ListLocksResponse__Output>): grpc.ClientUnaryCall;
  listLocks(argument: _holdfast_v1_ListLocksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListLocksResponse__Output>): grpc.ClientUnaryCall;
  listLocks(argument: _holdfast_v1_ListLocksRequest, callback: grpc.requestCallback<_holdfast_v1_ListLocksResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Sessions that are alive, by id, a page at a time.
   */
  ListSessions(argument: _holdfast_v1_ListSessionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  ListSessions(argument: _holdfast_v1_ListSessionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  ListSessions(argument: _holdfast_v1_ListSessionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  ListSessions(argument: _holdfast_v1_ListSessionsRequest, callback: grpc.requestCallback<_holdfast_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Sessions that are alive, by id, a page at a time.
   */
  listSessions(argument: _holdfast_v1_ListSessionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  listSessions(argument: _holdfast_v1_ListSessionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  listSessions(argument: _holdfast_v1_ListSessionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  listSessions(argument: _holdfast_v1_ListSessionsRequest, callback: grpc.requestCallback<_holdfast_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Reads every file back and checks every record, the lock journal included. Tells what is damaged
   * and changes nothing. May take long; others are served meanwhile.
   */
  Verify(argument: _holdfast_v1_VerifyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_VerifyResponse__Output>): grpc.ClientUnaryCall;
  Verify(argument: _holdfast_v1_VerifyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_VerifyResponse__Output>): grpc.ClientUnaryCall;
  Verify(argument: _holdfast_v1_VerifyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_VerifyResponse__Output>): grpc.ClientUnaryCall;
  Verify(argument: _holdfast_v1_VerifyRequest, callback: grpc.requestCallback<_holdfast_v1_VerifyResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Reads every file back and checks every record, the lock journal included. Tells what is damaged
   * and changes nothing. May take long; others are served meanwhile.
   */
  verify(argument: _holdfast_v1_VerifyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_VerifyResponse__Output>): grpc.ClientUnaryCall;
  verify(argument: _holdfast_v1_VerifyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_VerifyResponse__Output>): grpc.ClientUnaryCall;
  verify(argument: _holdfast_v1_VerifyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_VerifyResponse__Output>): grpc.ClientUnaryCall;
  verify(argument: _holdfast_v1_VerifyRequest, callback: grpc.requestCallback<_holdfast_v1_VerifyResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * What happens to locks from now on. Starts with what is there now if asked to. A client that
   * does not read for long is told how many events it missed. RESOURCE_EXHAUSTED
   * (TOO_MANY_WATCHERS) beyond 64 of them.
   */
  WatchLocks(argument: _holdfast_v1_WatchLocksRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_WatchLocksResponse__Output>;
  WatchLocks(argument: _holdfast_v1_WatchLocksRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_WatchLocksResponse__Output>;
  /**
   * What happens to locks from now on. Starts with what is there now if asked to. A client that
   * does not read for long is told how many events it missed. RESOURCE_EXHAUSTED
   * (TOO_MANY_WATCHERS) beyond 64 of them.
   */
  watchLocks(argument: _holdfast_v1_WatchLocksRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_WatchLocksResponse__Output>;
  watchLocks(argument: _holdfast_v1_WatchLocksRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_WatchLocksResponse__Output>;
  
}

/**
 * Facts and maintenance. Whoever can reach the server may call it: keep it to loopback or a Unix
 * socket.
 */
export interface AdminServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Frees the space of what is dead or expired now, rather than when it is needed; answers when the
   * files are gone. May take long: a call that is cancelled does not stop it, and another call
   * joins it. UNAVAILABLE (STORAGE_READ_ONLY) and RESOURCE_EXHAUSTED (NO_SPACE) like a write.
   */
  Compact: grpc.handleUnaryCall<_holdfast_v1_CompactRequest__Output, _holdfast_v1_CompactResponse>;
  
  /**
   * Answers once everything set before has survived a power cut.
   */
  Flush: grpc.handleUnaryCall<_holdfast_v1_FlushRequest__Output, _holdfast_v1_FlushResponse>;
  
  /**
   * Takes a lock from whoever holds it: its holders are told, may release it in order, and have
   * lost it when the grace is over (LOST_REASON_ADMIN). The lock then goes to the next in line.
   */
  ForceRelease: grpc.handleUnaryCall<_holdfast_v1_ForceReleaseRequest__Output, _holdfast_v1_ForceReleaseResponse>;
  
  /**
   * What this server is: version, store, limits. Does not change while it runs.
   */
  GetServerInfo: grpc.handleUnaryCall<_holdfast_v1_GetServerInfoRequest__Output, _holdfast_v1_GetServerInfoResponse>;
  
  /**
   * Figures of now. Costs no scan.
   */
  GetStats: grpc.handleUnaryCall<_holdfast_v1_GetStatsRequest__Output, _holdfast_v1_GetStatsResponse>;
  
  /**
   * Locks that are held or waited for, by name, a page at a time.
   */
  ListLocks: grpc.handleUnaryCall<_holdfast_v1_ListLocksRequest__Output, _holdfast_v1_ListLocksResponse>;
  
  /**
   * Sessions that are alive, by id, a page at a time.
   */
  ListSessions: grpc.handleUnaryCall<_holdfast_v1_ListSessionsRequest__Output, _holdfast_v1_ListSessionsResponse>;
  
  /**
   * Reads every file back and checks every record, the lock journal included. Tells what is damaged
   * and changes nothing. May take long; others are served meanwhile.
   */
  Verify: grpc.handleUnaryCall<_holdfast_v1_VerifyRequest__Output, _holdfast_v1_VerifyResponse>;
  
  /**
   * What happens to locks from now on. Starts with what is there now if asked to. A client that
   * does not read for long is told how many events it missed. RESOURCE_EXHAUSTED
   * (TOO_MANY_WATCHERS) beyond 64 of them.
   */
  WatchLocks: grpc.handleServerStreamingCall<_holdfast_v1_WatchLocksRequest__Output, _holdfast_v1_WatchLocksResponse>;
  
}

export interface AdminServiceDefinition extends grpc.ServiceDefinition {
  Compact: MethodDefinition<_holdfast_v1_CompactRequest, _holdfast_v1_CompactResponse, _holdfast_v1_CompactRequest__Output, _holdfast_v1_CompactResponse__Output>
  Flush: MethodDefinition<_holdfast_v1_FlushRequest, _holdfast_v1_FlushResponse, _holdfast_v1_FlushRequest__Output, _holdfast_v1_FlushResponse__Output>
  ForceRelease: MethodDefinition<_holdfast_v1_ForceReleaseRequest, _holdfast_v1_ForceReleaseResponse, _holdfast_v1_ForceReleaseRequest__Output, _holdfast_v1_ForceReleaseResponse__Output>
  GetServerInfo: MethodDefinition<_holdfast_v1_GetServerInfoRequest, _holdfast_v1_GetServerInfoResponse, _holdfast_v1_GetServerInfoRequest__Output, _holdfast_v1_GetServerInfoResponse__Output>
  GetStats: MethodDefinition<_holdfast_v1_GetStatsRequest, _holdfast_v1_GetStatsResponse, _holdfast_v1_GetStatsRequest__Output, _holdfast_v1_GetStatsResponse__Output>
  ListLocks: MethodDefinition<_holdfast_v1_ListLocksRequest, _holdfast_v1_ListLocksResponse, _holdfast_v1_ListLocksRequest__Output, _holdfast_v1_ListLocksResponse__Output>
  ListSessions: MethodDefinition<_holdfast_v1_ListSessionsRequest, _holdfast_v1_ListSessionsResponse, _holdfast_v1_ListSessionsRequest__Output, _holdfast_v1_ListSessionsResponse__Output>
  Verify: MethodDefinition<_holdfast_v1_VerifyRequest, _holdfast_v1_VerifyResponse, _holdfast_v1_VerifyRequest__Output, _holdfast_v1_VerifyResponse__Output>
  WatchLocks: MethodDefinition<_holdfast_v1_WatchLocksRequest, _holdfast_v1_WatchLocksResponse, _holdfast_v1_WatchLocksRequest__Output, _holdfast_v1_WatchLocksResponse__Output>
}
