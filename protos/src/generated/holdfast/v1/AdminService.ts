// Original file: holdfast/v1/admin.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { FlushRequest as _holdfast_v1_FlushRequest, FlushRequest__Output as _holdfast_v1_FlushRequest__Output } from '../../holdfast/v1/FlushRequest.ts';
import type { FlushResponse as _holdfast_v1_FlushResponse, FlushResponse__Output as _holdfast_v1_FlushResponse__Output } from '../../holdfast/v1/FlushResponse.ts';
import type { GetServerInfoRequest as _holdfast_v1_GetServerInfoRequest, GetServerInfoRequest__Output as _holdfast_v1_GetServerInfoRequest__Output } from '../../holdfast/v1/GetServerInfoRequest.ts';
import type { GetServerInfoResponse as _holdfast_v1_GetServerInfoResponse, GetServerInfoResponse__Output as _holdfast_v1_GetServerInfoResponse__Output } from '../../holdfast/v1/GetServerInfoResponse.ts';
import type { GetStatsRequest as _holdfast_v1_GetStatsRequest, GetStatsRequest__Output as _holdfast_v1_GetStatsRequest__Output } from '../../holdfast/v1/GetStatsRequest.ts';
import type { GetStatsResponse as _holdfast_v1_GetStatsResponse, GetStatsResponse__Output as _holdfast_v1_GetStatsResponse__Output } from '../../holdfast/v1/GetStatsResponse.ts';

/**
 * Facts and maintenance. Whoever can reach the server may call it: keep it to loopback or a Unix
 * socket.
 */
export interface AdminServiceClient extends grpc.Client {
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
  
}

/**
 * Facts and maintenance. Whoever can reach the server may call it: keep it to loopback or a Unix
 * socket.
 */
export interface AdminServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Answers once everything set before has survived a power cut.
   */
  Flush: grpc.handleUnaryCall<_holdfast_v1_FlushRequest__Output, _holdfast_v1_FlushResponse>;
  
  /**
   * What this server is: version, store, limits. Does not change while it runs.
   */
  GetServerInfo: grpc.handleUnaryCall<_holdfast_v1_GetServerInfoRequest__Output, _holdfast_v1_GetServerInfoResponse>;
  
  /**
   * Figures of now. Costs no scan.
   */
  GetStats: grpc.handleUnaryCall<_holdfast_v1_GetStatsRequest__Output, _holdfast_v1_GetStatsResponse>;
  
}

export interface AdminServiceDefinition extends grpc.ServiceDefinition {
  Flush: MethodDefinition<_holdfast_v1_FlushRequest, _holdfast_v1_FlushResponse, _holdfast_v1_FlushRequest__Output, _holdfast_v1_FlushResponse__Output>
  GetServerInfo: MethodDefinition<_holdfast_v1_GetServerInfoRequest, _holdfast_v1_GetServerInfoResponse, _holdfast_v1_GetServerInfoRequest__Output, _holdfast_v1_GetServerInfoResponse__Output>
  GetStats: MethodDefinition<_holdfast_v1_GetStatsRequest, _holdfast_v1_GetStatsResponse, _holdfast_v1_GetStatsRequest__Output, _holdfast_v1_GetStatsResponse__Output>
}
